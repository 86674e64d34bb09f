# Behind a load balancer the client is who its PROXY header tells.
findings: auth.bruteforce
secret: guess-00-Kq2

C: PROXY TCP4 192.0.2.9 198.51.100.25 50000 25
S: 220 mx.b.example ESMTP
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
