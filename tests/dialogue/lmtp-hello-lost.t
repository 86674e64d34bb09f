# LMTP of which the reply to LHLO was not captured: each recipient has its reply all the same.
port: 24
ports: all

S: 220 mx.b.example LMTP
C: LHLO client.a.example
S!: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RCPT TO:<carol@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 2.0.0 bob
S: 550 5.2.2 carol
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "stage": "end", "outcome": "accepted",
 "rcpt": [{"address": "bob@b.example", "final": {"code": 250}},
          {"address": "carol@b.example", "final": {"code": 550}}]}
M1: x
