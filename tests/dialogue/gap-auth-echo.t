# The server's answer says the secret again and is cut inside it: its beginning is masked as well.
events: auth reply
secret: AGpvaG4AQ2FuYXJ5
secret: AGpvaG4A

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN
C: AUTH PLAIN AGpvaG4AQ2FuYXJ5LTdLcTI=
S= 535 not known: AGpvaG4AQ2FuYXJ5LT
S!= dLcTI=\r\n
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 535, "lines": ["not known: ********"], "to": "AUTH"}
{"type": "auth", "mechanism": "PLAIN", "username": "john", "outcome": "failure"}
{"type": "reply", "code": 221, "to": "QUIT"}
