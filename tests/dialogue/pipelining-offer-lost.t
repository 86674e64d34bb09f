# The reply to EHLO was not captured whole: it may have had the offer.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S!: 250-PIPELINING
S: 250 SIZE
C: NOOP
C: QUIT
S: 250 ok
S: 221 bye
