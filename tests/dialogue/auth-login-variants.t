# LOGIN as clients send it: both on one line, both in one response, not in base64, with prompts that say nothing or the wrong thing.
events: auth
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH LOGIN YW5u Q2FuYXJ5LTdLcTI=
S: 235 ok
C: AUTH LOGIN
S: 334
C: YW5uAENhbmFyeS03S3Ey
S: 535 no
C: AUTH LOGIN ann@a.example
S: 334 UGFzc3dvcmQ6
C: Canary-7Kq2
S: 535 no
C: AUTH LOGIN
S: 334 UGFzc3dvcmQ6
C: avxyZ2Vu
S: 334 VXNlcm5hbWU6
C: Q2FuYXJ5LTdLcTI=
S: 535 no
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: YW5uOkNhbmFyeS03S3Ey
S: 235 ok
C: QUIT
S: 221 bye

{"type": "auth", "username": "ann", "secret": "********", "outcome": "success", "steps": 2}
{"type": "auth", "username": "ann", "secret": "********", "outcome": "failure", "steps": 1}
{"type": "auth", "username": "ann@a.example", "secret": "********", "outcome": "failure"}
{"type": "auth", "username": "j�rgen", "username_b64": "avxyZ2Vu", "secret": "********"}
{"type": "auth", "username": "ann", "secret": "********", "outcome": "success", "steps": 1}
