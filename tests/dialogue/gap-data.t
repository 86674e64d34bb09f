# DATA is lost: the 354 tells that content follows.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 250 2.1.5 ok
C!: DATA
S: 354 go
C: Subject: x
C:
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "transfer": "DATA", "reply": {"text": "done"}}
M1: Subject: x
M1:
M1: x
