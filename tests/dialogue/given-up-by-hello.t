# EHLO between MAIL and DATA, HELO behind it: the envelope begins anew each time.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 SIZE 1000
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: EHLO other.a.example
S: 250-mx.b.example
S: 250 DSN
C: DATA
S: 503 5.5.1 no
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: HELO third.a.example
S: 250 mx.b.example
C: MAIL FROM:<eve@a.example>
S: 250 ok
C: LHLO fourth.a.example
S: 500 no
C: RCPT TO:<carol@b.example>
S: 250 ok
C: RCPT TO:<dave@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "incomplete", "stage": "rcpt",
 "rcpt": [{"address": "bob@b.example"}]}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "incomplete", "stage": "mail",
 "rcpt": []}
{"type": "message", "index": 3, "from": "eve@a.example", "outcome": "accepted",
 "rcpt": [{"address": "carol@b.example", "final": null}, {"address": "dave@b.example", "final": null}]}
{"type": "session", "state": "complete", "extensions": ["DSN"],
 "client": {"name": "fourth.a.example"}}
M3: x
