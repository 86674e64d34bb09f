# An open proxy is looked for on a mail server: it answers as one.
events: command reply session

S: 220 mx.b.example ESMTP
C: CONNECT www.b.example:443 HTTP/1.1
C:
S: 500 5.5.2 what
S: 500 5.5.2 what

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "CONNECT"}
{"type": "command", "verb": ""}
{"type": "reply", "code": 500, "to": "CONNECT"}
{"type": "reply", "code": 500}
{"type": "session", "protocol": null, "tunnel": null}
