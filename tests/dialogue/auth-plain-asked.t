# AUTH PLAIN, its response asked for; authorization identity and a second login after a failure.
events: auth
secret: Canary-7Kq2
secret: Wrong-Canary-1

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN
C: AUTH PLAIN
S: 334
C: cm9vdABqb2huAFdyb25nLUNhbmFyeS0x
S: 535 5.7.8 authentication failed
C: auth plain
S= 334 \r\n
C: cm9vdABqb2huAENhbmFyeS03S3Ey
S: 235 2.7.0 ok
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "PLAIN", "username": "john", "authzid": "root", "secret": "********",
 "outcome": "failure", "code": 535, "enhanced": "5.7.8", "text": "authentication failed"}
{"type": "auth", "mechanism": "PLAIN", "username": "john", "authzid": "root", "secret": "********",
 "outcome": "success", "code": 235}
