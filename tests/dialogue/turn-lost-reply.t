# The reply to TURN was lost: the banner of who has connected tells that it was taken.
events: command reply message session

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: TURN
S!: 250 ok
C: 220 client.a.example
S: HELO mx.b.example
C: 250 hello
S: MAIL FROM:<bob@b.example>
C: 250 ok
S: QUIT
C: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "HELO"}
{"type": "reply", "code": 250, "to": "HELO"}
{"type": "command", "verb": "TURN"}
{"type": "reply", "code": 220, "to": "banner", "turned": true}
{"type": "command", "verb": "HELO", "turned": true}
{"type": "reply", "code": 250, "to": "HELO"}
{"type": "command", "verb": "MAIL"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 1, "from": "bob@b.example", "turned": true}
{"type": "session", "state": "complete", "turned": true}
