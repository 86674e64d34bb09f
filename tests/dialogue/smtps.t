# TLS from the first byte on port 465.
events: message session command reply
port: 465
findings: tls.refused smtp.early-talker

C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S= \x15\x03\x03\x00\x02\x02\x28

{"type": "finding", "id": "tls.refused", "detail": {"by": "server", "reason": "handshake_failure"}}
{"type": "session", "security": "smtps", "decrypted": false, "state": "encrypted"}
