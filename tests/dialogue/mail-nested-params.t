# A recipient handed over from a MAIL that was out of sequence keeps its parameters.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example> NOTIFY=NEVER
C: DATA
S: 503 nested
S: 250 ok
S: 354 go
C: x
C: .
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted",
 "rcpt": [{"address": "bob@b.example", "params": {"NOTIFY": "NEVER"}, "code": 250}]}
{"type": "session", "state": "complete"}
M1: x
