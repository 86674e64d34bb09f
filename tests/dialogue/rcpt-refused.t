# Every recipient is refused: the last refusal decides, whatever DATA is answered.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<nobody@b.example>
C: RCPT TO:<full@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 452 4.2.2 mailbox full
S: 554 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<full@b.example>
C: RCPT TO:<nobody@b.example>
S: 250 ok
S: 452 4.2.2 mailbox full
S: 550 5.1.1 no such user
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "deferred", "stage": "rcpt", "size": 0,
 "rcpt": [{"address": "nobody@b.example", "code": 550}, {"address": "full@b.example", "code": 452}],
 "reply": {"code": 452, "enhanced": "4.2.2", "text": "mailbox full"}}
{"type": "message", "index": 2, "outcome": "rejected", "stage": "rcpt",
 "reply": {"code": 550, "enhanced": "5.1.1", "text": "no such user"}}
{"type": "session", "state": "complete", "messages": {"rejected": 1, "deferred": 1}}
