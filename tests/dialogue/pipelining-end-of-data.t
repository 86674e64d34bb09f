# The end of one mail's content and the next mail's MAIL in one segment: both mails are whole.
events: message session
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 2.1.0 Ok
S: 250 2.1.5 Ok
S: 354 go
C: Subject: one
C:
C: first
C: .
C: MAIL FROM:<dan@a.example>
C: RCPT TO:<carol@b.example>
C: DATA
S: 250 2.0.0 first done
S: 250 2.1.0 Ok
S: 250 2.1.5 Ok
S: 354 go
C: Subject: two
C:
C: second
C: .
C: QUIT
S: 250 2.0.0 second done
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "bob@b.example", "code": 250}], "reply": {"code": 250, "text": "first done"}}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "carol@b.example", "code": 250}], "reply": {"text": "second done"}}
{"type": "session", "state": "complete", "messages": {"accepted": 2}}
M1: Subject: one
M1:
M1: first
M2: Subject: two
M2:
M2: second
