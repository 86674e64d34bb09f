# Holes of either side behind the turn, in the commands and in the replies.
events: message session

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: TURN
S: 250 ok
C: 220 client.a.example
S: HELO mx.b.example
C!: 250 hello
S: MAIL FROM:<bob@b.example>
C: 250 ok
S: RCPT TO:<ann@a.example>
C: 250 ok
S: DATA
C: 354 go
S: Subject: one
S!: lost
S: .
C: 250 done
S: QUIT
C: 221 bye

{"type": "message", "index": 1, "from": "bob@b.example", "outcome": "accepted", "turned": true,
 "missing_bytes": 6, "rcpt": [{"address": "ann@a.example", "code": 250}]}
{"type": "session", "state": "complete", "turned": true, "client": {"missing_bytes": 11},
 "server": {"missing_bytes": 6}}
M1: Subject: one
M1!: lost
