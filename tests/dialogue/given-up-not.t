# EHLO inside a transaction is refused: the transaction goes on.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: EHLO again!
S: 501 5.5.4 invalid domain
C: NOOP
S: 250 ok
C: VRFY bob
S: 252 cannot say
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "bob@b.example", "code": 250}]}
M1: x
