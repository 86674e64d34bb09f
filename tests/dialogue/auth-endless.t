# A login that never ends: counted, and no more of it kept than a login needs; then nothing that the server says of it is shown.
events: auth session
secret: Q2FuYXJ5LTdLcTI=

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH LOGIN
C*100: Q2FuYXJ5LTdLcTI=
S*100: 334 VXNlcm5hbWU6
S: 535 5.7.8 no: Q2FuYXJ5LTdLcTI=
S: 221 bye

{"type": "auth", "mechanism": "LOGIN", "outcome": "failure", "steps": 100, "enhanced": "5.7.8", "text": "********"}
{"type": "session", "state": "closed"}
