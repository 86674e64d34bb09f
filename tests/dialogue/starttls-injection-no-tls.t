# A command behind STARTTLS, and no TLS behind the 220: what was sent before that needs none to be told.
events: session
findings: tls.injection tls.not-begun

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
C: RSET
S: 220 2.0.0 go ahead

{"type": "finding", "id": "tls.injection", "detail": {"by": "client", "text": "RSET"}}
{"type": "session", "security": "none"}
