# AUTH without a mechanism is no login.
events: auth session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: AUTH
S: 501 5.5.4 syntax: AUTH mechanism
C: QUIT
S: 221 bye

{"type": "session", "state": "complete"}
