# A hole in the header and one in a multipart's boundary: what is readable is read.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: holed
C= Message
C!= -ID: <1@a.example>\r\nX-Other
C= : value\r\n
C: MIME-Version: 1.0
C: Content-Type: multipart/mixed; boundary=cut
C:
C= --c
C!= u
C= t\r\n\r\nfirst\r\n
C: --cut
C: Content-Type: text/html
C:
C: second
C: --cut--
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "headers": {"subject": "holed"}}
M1: Subject: holed
M1= Message
M1!= -ID: <1@a.example>\r\nX-Other
M1= : value\r\n
M1: MIME-Version: 1.0
M1: Content-Type: multipart/mixed; boundary=cut
M1:
M1= --c
M1!= u
M1= t\r\n\r\nfirst\r\n
M1: --cut
M1: Content-Type: text/html
M1:
M1: second
M1: --cut--
