# Behind TURN the other side greets at once, and the end of its banner is lost: it comes before the
# command that stands behind the 250.
events: command reply

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: TURN
C: 220-client.a.example ESMTP
C!: 220 go
S: 250 ok
S: EHLO mx.b.example
C: 250 client.a.example
S: QUIT
C: 221 bye

{"type": "reply", "code": 220, "to": "banner", "turned": false}
{"type": "command", "verb": "EHLO", "turned": false}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "TURN"}
{"type": "reply", "code": 250, "to": "TURN"}
{"type": "reply", "code": 220, "lines": ["client.a.example ESMTP"], "to": "banner", "turned": true}
{"type": "command", "verb": "EHLO", "turned": true}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
