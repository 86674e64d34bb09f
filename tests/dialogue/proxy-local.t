# A load balancer that looks whether the server is there, through TLS from the first byte.
events: session
port: 465

C= \r\n\r\n\0\r\nQUIT\n\x20\0\0\0
C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00
S= \x15\x03\x03\x00\x02\x02\x28

{"type": "session", "state": "encrypted", "security": "smtps", "protocol": null,
 "proxied": {"protocol": "local", "ip": null, "port": null}}
