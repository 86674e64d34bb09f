# The replies to a pipelined group come late and one by one, the content's own among the next group's.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
--
S: 250 ok
--
S: 354 go
C: x
C: .
C: MAIL FROM:<dan@a.example>
C: RCPT TO:<nobody@b.example>
C: RCPT TO:<bob@b.example>
S: 550 5.7.1 first refused
--
S: 250 ok
S: 550 5.1.1 nobody
--
S: 250 ok
C: DATA
S: 354 go
C: y
C: .
S: 250 second done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "rejected", "stage": "end",
 "reply": {"text": "first refused"}}
{"type": "message", "index": 2, "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "nobody@b.example", "code": 550}, {"address": "bob@b.example", "code": 250}]}
M1: x
M2: y
