# A server that takes a minute and a half for RCPT and more than ten for the content, and a client that is idle behind it.
events: message
findings: smtp.slow

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
wait: 8
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
wait: 90
S: 250 ok
C: DATA
S: 354 go on
C: one
C: .
wait: 601
S: 250 ok
wait: 30
C: QUIT
S: 221 bye

{"type": "message", "outcome": "accepted"}
{"type": "finding", "id": "smtp.slow", "message": 1, "detail": {"command": "RCPT", "answered": true, "timeout": 300,
 "timeout_state": "within"}}
{"type": "finding", "id": "smtp.slow", "message": 1, "detail": {"command": "data", "answered": true, "timeout": 600,
 "timeout_state": "over"}}
