# What goes through a tunnel need not be SMTP.
events: command reply session
ports: all
port: 3128

C: CONNECT www.b.example:443 HTTP/1.1
C:
S: HTTP/1.1 200 OK
S:
C= \x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03
C= 0123456789abcdef0123456789abcdef\x00\x00\x02\xc0\x2f\x01\x00

