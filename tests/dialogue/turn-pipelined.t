# The banner comes before the 250 has been read, and the first command right behind the 250.
events: command reply session

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: TURN
C: 220 client.a.example
S: 250 ok
S: HELO mx.b.example
C: 250 hello
S: QUIT
C: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "HELO"}
{"type": "reply", "code": 250, "to": "HELO"}
{"type": "command", "verb": "TURN"}
{"type": "reply", "code": 250, "to": "TURN"}
{"type": "reply", "code": 220, "to": "banner", "turned": true}
{"type": "command", "verb": "HELO", "turned": true}
{"type": "reply", "code": 250, "to": "HELO"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "turned": true}
