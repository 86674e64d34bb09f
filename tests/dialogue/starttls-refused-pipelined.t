# STARTTLS is refused, and the client had sent more behind it: nothing was injected into TLS.
findings: tls.refused tls.injection tls.not-begun smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
C: MAIL FROM:<ann@a.example>
S: 454 4.7.0 TLS not available
S: 250 ok
C: QUIT
S: 221 bye

{"type": "finding", "id": "tls.refused",
 "detail": {"by": "server", "reason": "reply", "code": 454, "enhanced": "4.7.0", "text": "TLS not available"}}
{"type": "finding", "id": "smtp.pipelining", "detail": {"command": "MAIL"}}
{"type": "message", "index": 1, "outcome": "incomplete"}
