# The banner is cut behind the server's name and inside that of its software: only what is whole is named.
events: reply session

S= 220 mx.b.example ESMTP Postf
S!= ix\r\n
C: EHLO client.a.example
S: 250 mx.b.example
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "lines": ["mx.b.example ESMTP Postf"], "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "server": {"name": "mx.b.example", "software": null}}
