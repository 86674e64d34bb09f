# Content that looks like commands and replies.
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: QUIT
C: RSET
C: MAIL FROM:<eve@a.example>
C: DATA
C: STARTTLS
C: 250 ok
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end"}
M1: QUIT
M1: RSET
M1: MAIL FROM:<eve@a.example>
M1: DATA
M1: STARTTLS
M1: 250 ok
