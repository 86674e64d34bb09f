# A server that ends its replies with LF, and puts a NUL into one.
findings: smtp.bare-newline

S= 220 mx.b.example ESMTP\n
C: EHLO client.a.example
S= 250-mx.b.example\n
S= 250 HE\0LP\r\n
C: QUIT
S= 221 bye\n

{"type": "finding", "id": "smtp.bare-newline", "detail": {"where": "reply", "bare_lf": 1, "nul": 0}}
{"type": "finding", "id": "smtp.bare-newline", "detail": {"where": "reply", "bare_lf": 0, "nul": 1}}
