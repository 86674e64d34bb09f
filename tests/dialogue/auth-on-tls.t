# A login on TLS from the first byte: nobody on the way reads it, so nothing is found.
events: session auth
findings: auth.cleartext auth.weak auth.failure
port: 465

C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S= \x16\x03\x03\x00\x2c\x02\x00\x00\x28\x03\x03
S= 0123456789abcdef0123456789abcdef\x00\xc0\x2f\x00\x00\x00
S= \x14\x03\x03\x00\x01\x01
C= \x14\x03\x03\x00\x01\x01
C= \x17\x03\x03\x00\x22AUTH PLAIN sealed, whatever it says

{"type": "session", "security": "smtps"}
