# Holes before AUTH LOGIN and over its second prompt: the login is read all the same.
events: auth
end: capture
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C!: EHLO client.a.example
S!: 250-mx.b.example
S!: 250 AUTH LOGIN
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: am9obg==
S!: 334 UGFzc3dvcmQ6
C: Q2FuYXJ5LTdLcTI=

{"type": "auth", "mechanism": "LOGIN", "username": "john", "secret": "********",
 "outcome": "unknown"}
