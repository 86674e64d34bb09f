# A reply code out of range: it answers its command all the same.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 HELP
C: NOOP
S: 250 what
C: NOOP
S: 999 what
C: RSET
S: 250 ok
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "bob@b.example", "code": 250, "enhanced": "2.1.5"}], "reply": {"text": "done"}}
{"type": "session", "state": "complete"}
M1: x
