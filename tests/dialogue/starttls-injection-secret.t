# A login in the clear behind STARTTLS: it is told, and what it says is masked.
events: session auth
findings: tls.injection
secret: subject:s

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
C: AUTH PLAIN AGFubgBzdWJqZWN0OnM=
S: 220 2.0.0 go ahead
C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S= \x15\x03\x03\x00\x02\x02\x28

{"type": "finding", "id": "tls.injection", "detail": {"by": "client", "text": "AUTH PLAIN ********"}}
{"type": "auth", "username": "ann", "outcome": "unknown"}
{"type": "session", "security": "starttls", "state": "encrypted"}
