# 550 after the final dot: a mail that was sent and not taken.
events: message session
findings: smtp.rejected smtp.deferred

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 550 5.7.1 looks like spam
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: y
C: .
S: 451 4.7.1 greylisted
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "rejected", "stage": "end", "queue_id": null,
 "reply": {"code": 550, "enhanced": "5.7.1", "text": "looks like spam"}}
{"type": "finding", "id": "smtp.rejected", "message": 1}
{"type": "message", "index": 2, "outcome": "deferred", "stage": "end",
 "reply": {"code": 451, "enhanced": "4.7.1", "text": "greylisted"}}
{"type": "finding", "id": "smtp.deferred", "message": 2}
{"type": "session", "messages": {"accepted": 0, "rejected": 1, "deferred": 1}}
M1: x
M2: y
