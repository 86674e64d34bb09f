# A refused RSET leaves the transaction as it was.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RSET
S: 500 what
C: RCPT TO:<carol@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "bob@b.example"}, {"address": "carol@b.example"}]}
{"type": "session", "state": "complete"}
M1: x
