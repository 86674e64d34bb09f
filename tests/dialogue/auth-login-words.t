# Responses whose base64 looks like commands are responses.
events: auth session
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH LOGIN
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: QUIT
S: 334 UGFzc3dvcmQ6
C: Q2FuYXJ5LTdLcTI=
S: 235 2.7.0 ok
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "LOGIN", "secret": "********", "outcome": "success"}
{"type": "session", "state": "complete"}
