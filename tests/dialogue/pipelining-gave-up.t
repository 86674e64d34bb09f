# A client that waits in vain and then leaves does not pipeline.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: NOOP
wait: 30
C: QUIT
S: 250 ok
S: 221 bye
