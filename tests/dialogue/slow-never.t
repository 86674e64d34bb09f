# The answer to the content never comes: the client gives up after a minute.
events: message
findings: smtp.slow smtp.disconnect

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
wait: 60
C: QUIT

{"type": "message", "outcome": "incomplete", "stage": "end"}
{"type": "finding", "id": "smtp.slow", "message": 1, "detail": {"command": "data", "answered": false,
 "timeout_state": "within"}}
{"type": "finding", "id": "smtp.disconnect", "message": 1}
