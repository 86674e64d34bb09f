# A line that begins like a TLS record, where no STARTTLS was: a line.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
S= \x17\r\n
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "security": "none"}
M1: x
