# The client speaks before the banner.
events: message reply
findings: smtp.early-talker

C: HELO client.a.example
S: 220 mx.b.example ESMTP
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "HELO"}
{"type": "finding", "id": "smtp.early-talker", "severity": "medium", "detail": {"command": "HELO", "banner": true}}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 1, "outcome": "incomplete", "stage": "mail"}
