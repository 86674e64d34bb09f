# Both fall silent inside the handshake, until the session times out.
findings: tls.refused
end: timeout

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
S: 220 2.0.0 go ahead
C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S= \x16\x03\x03\x00\x2a\x02\x00\x00\x26\x03\x03
S= 0123456789abcdef0123456789abcdef\x00\x13\x01\x00

{"type": "finding", "id": "tls.refused", "detail": {"by": null, "reason": "silence"}}
