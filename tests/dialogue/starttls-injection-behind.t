# A command in the clear behind the 220, and then TLS: what stands between was no mail program's.
findings: tls.injection tls.not-begun

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
S: 220 2.0.0 go ahead
C: MAIL FROM:<eve@a.example>
C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S= \x15\x03\x03\x00\x02\x02\x28

{"type": "finding", "id": "tls.injection", "detail": {"by": "client", "text": "MAIL FROM:<eve@a.example>"}}
{"type": "message", "index": 1, "outcome": "incomplete"}
