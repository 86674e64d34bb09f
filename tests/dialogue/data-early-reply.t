# The server refuses the content before it has ended; the client sends it to its end.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: line one
S: 552 5.3.4 too big
C: line two
C: .
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "rejected", "reply": {"code": 552, "enhanced": "5.3.4"}}
{"type": "session", "state": "complete", "messages": {"rejected": 1}}
