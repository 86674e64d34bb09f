# A reply was not captured: the command behind it did not hurry.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: NOOP
S!: 250 ok
C: NOOP
S: 250 ok
C: QUIT
S: 221 bye
