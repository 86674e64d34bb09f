# The client waits twenty seconds for the answer to its content and leaves; the server takes the message behind that.
events: message
findings: smtp.slow tcp.reset

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go on
C: one
C: .
wait: 20
C: QUIT
wait: 25
S: 250 queued
S: 221 bye

{"type": "message", "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "smtp.slow", "message": 1, "detail": {"command": "data", "answered": true, "gave_up": 20.001,
 "timeout_state": "within"}}
