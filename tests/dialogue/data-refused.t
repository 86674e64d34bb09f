# DATA is refused: what follows are commands, and none of them is in the next mail.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<nobody@b.example>
S: 550 5.1.1 no such user
C: DATA
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 554 5.3.0 not now
C: RSET
S: 250 ok
C: MAIL FROM:<eve@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: clean
C:
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "rejected", "stage": "rcpt",
 "reply": {"code": 550, "enhanced": "5.1.1", "text": "no such user"}, "size": 0}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "rejected", "stage": "data",
 "reply": {"code": 554, "enhanced": "5.3.0", "text": "not now"}, "size": 0}
{"type": "message", "index": 3, "from": "eve@a.example", "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "messages": {"accepted": 1, "rejected": 2}}
M3: Subject: clean
M3:
M3: x
