# The banner is cut inside the server's name, which is not known then.
events: reply session

S= 220 mx.b.exam
S!= ple ESMTP\r\n
C: EHLO client.a.example
S: 250 mx.b.example
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "lines": ["mx.b.exam"], "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "server": {"name": null, "software": null}}
