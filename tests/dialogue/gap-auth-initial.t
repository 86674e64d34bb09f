# AUTH is cut inside its initial response, and so is the server's answer, which says it again: of the secret nothing is shown.
events: command auth
secret: AGpvaG4AQ2FuYXJ5LTdLcTI=
secret: AGpvaG4AQ2Fu
secret: YXJ5LTdLcTI=

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN
C= AUTH PLAIN AGpvaG4AQ2Fu
C!= YXJ
C= 5LTdLcTI=\r\n
S= 235 2.7.0 ok
S!= \x20then\r\n
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "AUTH", "argument": "PLAIN ********"}
{"type": "auth", "mechanism": "PLAIN", "username": null, "secret": null, "outcome": "success"}
{"type": "command", "verb": "QUIT"}
