# LMTP: one recipient's copy is kept, another's is refused.
port: 24

S: 220 mx.b.example LMTP
C: LHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RCPT TO:<full@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 2.0.0 saved
S: 452 4.2.2 mailbox full
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "stage": "end",
 "rcpt": [{"address": "bob@b.example", "final": {"code": 250, "enhanced": "2.0.0", "text": "saved"}},
          {"address": "full@b.example",
           "final": {"code": 452, "enhanced": "4.2.2", "text": "mailbox full"}}]}
M1: x
