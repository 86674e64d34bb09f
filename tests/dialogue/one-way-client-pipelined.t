# The client's direction alone, pipelined, with BDAT and a login.
events: message auth
captured: client
end: capture
findings: smtp.pipelining
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: am9obg==
S: 334 UGFzc3dvcmQ6
C: Q2FuYXJ5LTdLcTI=
S: 235 ok
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: x
C: .
C: MAIL FROM:<dan@a.example>
C: RCPT TO:<bob@b.example>
C: BDAT 3 LAST
C= abc
C: QUIT
S: 250 done
S: 250 ok
S: 250 ok
S: 250 done
S: 221 bye

{"type": "auth", "mechanism": "LOGIN", "username": "john", "secret": "********",
 "outcome": "unknown", "code": null}
{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "unknown", "stage": "end"}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "unknown", "stage": "end",
 "transfer": "BDAT"}
M1: x
M2= abc
