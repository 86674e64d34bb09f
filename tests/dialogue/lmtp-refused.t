# LMTP: every recipient's copy is refused, each in its own way; refused recipients have no reply.
port: 24
ports: all

S: 220 mx.b.example LMTP
C: LHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<no1@b.example>
C: RCPT TO:<bob@b.example>
C: RCPT TO:<no2@b.example>
C: RCPT TO:<carol@b.example>
C: RCPT TO:<no3@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no
S: 250 ok
S: 451 4.2.1 later
S: 250 ok
S: 550 5.1.1 no
S: 354 go
C: x
C: .
C: RSET
C: QUIT
S: 452 4.2.2 full
S: 552-5.2.2 too
S: 552 5.2.2 large
S: 250 ok
S: 221 bye

{"type": "message", "index": 1, "outcome": "rejected", "stage": "end",
 "reply": {"code": 552, "enhanced": "5.2.2", "text": "too\nlarge"},
 "rcpt": [{"address": "no1@b.example", "code": 550, "final": null},
          {"address": "bob@b.example", "code": 250, "final": {"code": 452}},
          {"address": "no2@b.example", "code": 451, "final": null},
          {"address": "carol@b.example", "code": 250, "final": {"code": 552}},
          {"address": "no3@b.example", "code": 550, "final": null}]}
M1: x
