# `*` gives the exchange up; a mechanism that is not there; a login that the end cuts off.
events: auth session
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH LOGIN
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: am9obg==
S: 334 UGFzc3dvcmQ6
C: *
S: 501 5.7.0 given up
C: AUTH XYZZY
S: 504 5.5.4 no such mechanism
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: am9obg==
S: 334 UGFzc3dvcmQ6
C: Q2FuYXJ5LTdLcTI=

{"type": "auth", "mechanism": "LOGIN", "username": "john", "secret": null, "outcome": "aborted",
 "code": 501, "enhanced": "5.7.0", "text": "given up"}
{"type": "auth", "mechanism": "XYZZY", "username": null, "secret": null, "outcome": "failure",
 "code": 504}
{"type": "auth", "mechanism": "LOGIN", "username": "john", "secret": "********",
 "outcome": "unknown", "code": null}
{"type": "session", "state": "closed"}
