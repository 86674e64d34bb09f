# Fifty passwords in a minute, and the next one fits.
events: auth
findings: auth.bruteforce
secret: guess-50-Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wMC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wMS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wMi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wMy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wNC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wNS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wNi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wNy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wOC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0wOS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xMC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xMS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xMi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xMy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xNC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xNS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xNi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xNy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xOC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0xOS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yMC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yMS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yMi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yMy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yNC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yNS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yNi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yNy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yOC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0yOS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zMC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zMS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zMi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zMy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zNC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zNS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zNi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zNy1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zOC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy0zOS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00MC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00MS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00Mi1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00My1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00NC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00NS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00Ni1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00Ny1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00OC1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy00OS1LcTI=
S: 535 5.7.8 no
wait: 1
C: AUTH PLAIN AGFubgBndWVzcy01MC1LcTI=
S: 235 2.7.0 ok
C: QUIT
S: 221 bye

{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "finding", "id": "auth.bruteforce", "severity": "high", "detail": {"kind": "guessing", "client": "192.0.2.1", "username": "ann",
 "attempts": 10, "users": 1, "clients": 1, "success": false, "uids": []}}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "failure"}
{"type": "auth", "outcome": "success"}
{"type": "finding", "id": "auth.bruteforce", "severity": "high", "detail": {"success": true, "attempts": 50}}
