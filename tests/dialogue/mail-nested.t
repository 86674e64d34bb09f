# MAIL inside a transaction is answered with 503: it opens none, and the first goes on.
findings: smtp.sequence

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: MAIL FROM:<eve@a.example>
S: 503 5.5.1 nested MAIL command
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.sequence"}
{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "bob@b.example"}]}
M1: x
