# The offer of STARTTLS was written over on its way.
events: session
findings: tls.stripped

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-XXXXXXXA
S: 250 SIZE
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "finding", "id": "tls.stripped", "severity": "high",
 "detail": {"how": "written-over", "written": "XXXXXXXA", "server": null, "sessions": 1}}
{"type": "session", "security": "none", "extensions": ["XXXXXXXA", "SIZE"]}
