# The capture begins inside a command line.
start: middle

C= OM:<ann@a.example>\r\n
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: MAIL FROM:<dan@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<carol@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: y
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": null, "outcome": "accepted",
 "rcpt": [{"address": "bob@b.example", "code": 250}]}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "accepted",
 "rcpt": [{"address": "carol@b.example", "code": 250}]}
M1: x
M2: y
