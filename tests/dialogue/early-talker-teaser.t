# A banner of two lines, and a client that speaks between them.
findings: smtp.early-talker

S: 220-mx.b.example ESMTP
C: EHLO client.a.example
S: 220 mx.b.example ESMTP
S: 250 mx.b.example
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.early-talker", "detail": {"command": "EHLO", "banner": true}}
