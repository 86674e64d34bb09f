# TLS on port 465, and a server that greets in the clear there: its banner is a reply.
events: reply message
port: 465
findings: tls.refused

C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S: 220 mx.b.example ESMTP

{"type": "reply", "code": 220, "to": "banner"}
{"type": "finding", "id": "tls.refused", "detail": {"by": "server", "reason": "in-clear"}}
