# Per-recipient replies by PRDR: 353, one for each recipient, and one for all.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PRDR
C: MAIL FROM:<ann@a.example> PRDR
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RCPT TO:<carol@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 353 analysing
S: 250 bob takes it
S: 550 5.7.1 carol does not
S: 250 2.0.0 id=1rAbCd-000123-4E message accepted for some recipients
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "from_params": {"PRDR": ""},
 "reply": {"code": 250, "enhanced": "2.0.0"}, "queue_id": "1rAbCd-000123-4E",
 "rcpt": [{"address": "bob@b.example", "final": {"code": 250, "text": "bob takes it"}},
          {"address": "carol@b.example",
           "final": {"code": 550, "enhanced": "5.7.1", "text": "carol does not"}}]}
M1: x
