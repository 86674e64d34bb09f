# QUIT in one go with the content has not given up: the client waits for both replies.
events: message
findings: smtp.slow

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go on
C: one
C: .
C: QUIT
wait: 45
S: 250 queued
S: 221 bye

{"type": "message", "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "smtp.slow", "message": 1, "detail": {"command": "data", "gave_up": null}}
