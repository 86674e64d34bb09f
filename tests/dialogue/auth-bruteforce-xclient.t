# Behind a proxy the client is who XCLIENT tells, where the server takes it.
findings: auth.bruteforce
secret: guess-00-Kq2

S: 220 mx.b.example ESMTP
C: EHLO proxy.a.example
S: 250-mx.b.example
S: 250 XCLIENT NAME ADDR
C: XCLIENT ADDR=[UNAVAILABLE]
S: 220 mx.b.example ESMTP
C: XCLIENT ADDR=192.0.2.9 NAME=client.a.example
S: 220 mx.b.example ESMTP
C: XCLIENT ADDR=192.0.2.10
S: 550 5.7.0 no
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
C: QUIT
S: 221 bye

{"type": "finding", "id": "auth.bruteforce", "detail": {"kind": "guessing", "client": "192.0.2.9"}}
