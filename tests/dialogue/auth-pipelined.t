# EHLO and AUTH PLAIN in one segment.
events: auth command
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
C: AUTH PLAIN AGpvaG4AQ2FuYXJ5LTdLcTI=
S: 250-mx.b.example
S: 250 AUTH PLAIN
S: 235 2.7.0 ok
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO", "pipelined": false}
{"type": "command", "verb": "AUTH", "pipelined": true}
{"type": "auth", "mechanism": "PLAIN", "username": "john", "secret": "********",
 "outcome": "success", "code": 235}
{"type": "command", "verb": "QUIT"}
