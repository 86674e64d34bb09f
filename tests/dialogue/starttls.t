# STARTTLS is accepted, and what follows is TLS: nothing of it is read as SMTP.
events: message session command
findings: tls.refused tls.injection tls.stripped

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
S: 220 2.0.0 go ahead
C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S= \x15\x03\x03\x00\x02\x02\x28
C= \x17\x03\x03\x00\x10MAIL FROM:<x>\r\n.

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "STARTTLS"}
{"type": "finding", "id": "tls.refused", "detail": {"by": "server", "reason": "handshake_failure"}}
{"type": "session", "security": "starttls", "decrypted": false, "state": "encrypted",
 "extensions": ["STARTTLS"], "messages": {"accepted": 0, "incomplete": 0}}
