# A mail without a Subject is a mail, and so is one without a header.

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: From: ann@a.example
C:
C: x
C: .
S: 250 ok
C: MAIL FROM:<>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: no header at all
C: .
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted",
 "headers": {"subject": null, "message_id": null, "from": ["ann@a.example"]}}
{"type": "message", "index": 2, "from": "", "outcome": "accepted", "headers": {"subject": null}}
M1: From: ann@a.example
M1:
M1: x
M2: no header at all
