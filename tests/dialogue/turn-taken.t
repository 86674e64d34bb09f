# TURN (RFC 821) is taken, and afterwards taken back; between them a login of the other end.
events: command reply auth session message
secret: c2VzYW1l

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: TURN
S: 250 ok
C: 220-client.a.example ESMTP
C: 220 go
S: EHLO mx.b.example
C: 250-client.a.example
C: 250 AUTH LOGIN
S: AUTH LOGIN
C: 334 VXNlcm5hbWU6
S: Ym9i
C: 334 UGFzc3dvcmQ6
S: c2VzYW1l
C: 235 ok
S: MAIL FROM:<bob@b.example>
C: 550 no
S: TURN
C: 250 ok
S: 220 mx.b.example ESMTP
C: HELO client2.a.example
S: 250 ok
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "HELO"}
{"type": "reply", "code": 250, "to": "HELO"}
{"type": "command", "verb": "TURN", "turned": false}
{"type": "reply", "code": 250, "to": "TURN", "turned": false}
{"type": "reply", "code": 220, "to": "banner", "turned": true, "lines": ["client.a.example ESMTP", "go"]}
{"type": "command", "verb": "EHLO", "turned": true}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "AUTH", "turned": true}
{"type": "reply", "code": 334, "to": "AUTH"}
{"type": "command", "verb": "AUTH", "argument": "********"}
{"type": "reply", "code": 334, "to": "AUTH"}
{"type": "command", "verb": "AUTH", "argument": "********"}
{"type": "reply", "code": 235, "to": "AUTH"}
{"type": "auth", "mechanism": "LOGIN", "username": "bob", "outcome": "success",
 "client": {"port": 25}}
{"type": "command", "verb": "MAIL"}
{"type": "reply", "code": 550, "to": "MAIL"}
{"type": "command", "verb": "TURN", "turned": true}
{"type": "reply", "code": 250, "to": "TURN", "turned": true}
{"type": "message", "index": 1, "from": "bob@b.example", "outcome": "rejected", "turned": true}
{"type": "reply", "code": 220, "to": "banner", "turned": false}
{"type": "command", "verb": "HELO", "turned": false}
{"type": "reply", "code": 250, "to": "HELO"}
{"type": "command", "verb": "MAIL"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 2, "from": "ann@a.example", "outcome": "incomplete", "turned": false}
{"type": "session", "state": "complete", "turned": true, "client": {"name": "client2.a.example"},
 "server": {"port": 25, "name": "mx.b.example"}}
