# PRDR: the server gives up amid the replies for each recipient.
events: message session
end: server fin

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
S: 550 5.7.1 not bob
S: 421 4.3.0 going down

{"type": "message", "index": 1, "stage": "end",
 "rcpt": [{"address": "bob@b.example", "final": {"code": 550}},
          {"address": "carol@b.example", "final": {"code": 421}}]}
{"type": "session", "used": ["PRDR"], "not_used": []}
M1: x
