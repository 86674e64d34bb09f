# The banner was not captured: who spoke first cannot be known.
events: session
findings: smtp.early-talker

S!: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: QUIT
S: 221 bye

{"type": "session", "state": "complete"}
