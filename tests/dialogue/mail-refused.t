# MAIL is refused: a message of its own, whatever was pipelined behind it.
events: message session
findings: smtp.sequence

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 550 5.7.1 go away
S: 503 5.5.1 need MAIL
S: 503 5.5.1 need RCPT
C: MAIL FROM:<dan@a.example>
S: 451 4.3.0 later
C: MAIL FROM:<eve@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "rejected", "stage": "mail",
 "reply": {"code": 550, "enhanced": "5.7.1", "text": "go away"}}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "deferred", "stage": "mail",
 "rcpt": [], "reply": {"code": 451, "enhanced": "4.3.0", "text": "later"}}
{"type": "message", "index": 3, "from": "eve@a.example", "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "messages": {"accepted": 1, "rejected": 1, "deferred": 1}}
M3: x
