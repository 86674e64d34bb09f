# More recipients than are kept: the list is cut, and the true number is beside it.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C*1200: RCPT TO:<bob@b.example>
C: DATA
S*1201: 250 ok
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "rcpt_total": 1200, "outcome": "accepted", "stage": "end"}
M1: x
