# Everything in one segment: DATA, the content and QUIT, before a 354 was seen.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
C: Subject: early
C:
C: MAIL FROM:<this is content>
C: .
C: QUIT
S: 250 ok
S: 250 ok
S: 354 go
S: 250 done
S: 221 bye

{"type": "finding", "id": "smtp.pipelining", "detail": {"command": "RCPT"}}
{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "DATA", "outcome": "accepted",
 "stage": "end", "reply": {"code": 250, "text": "done"}}
M1: Subject: early
M1:
M1: MAIL FROM:<this is content>
