# AUTH LOGIN asked for both, with the user in the command, and with a user of four letters.
events: auth
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH LOGIN
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: am9obg==
S: 334 UGFzc3dvcmQ6
C: Q2FuYXJ5LTdLcTI=
S: 535 5.7.8 no
C: AUTH LOGIN cm9vdA==
S: 334 UGFzc3dvcmQ6
C: Q2FuYXJ5LTdLcTI=
S: 535 5.7.8 no
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: am9obkBhLmV4YW1wbGU=
S: 334 UGFzc3dvcmQ6
C: Q2FuYXJ5LTdLcTI=
S: 235 2.7.0 ok
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "LOGIN", "username": "john", "secret": "********",
 "secret_kind": "password", "outcome": "failure", "code": 535, "enhanced": "5.7.8", "text": "no"}
{"type": "auth", "mechanism": "LOGIN", "username": "root", "secret": "********",
 "outcome": "failure"}
{"type": "auth", "mechanism": "LOGIN", "username": "john@a.example", "secret": "********",
 "outcome": "success", "code": 235}
