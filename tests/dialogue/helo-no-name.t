# An EHLO without a name is refused, and leaves the name as it was.
events: session

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: EHLO
S: 501 Syntax: EHLO hostname
C: QUIT
S: 221 bye

{"type": "session", "client": {"name": "client.a.example"}, "state": "complete"}
