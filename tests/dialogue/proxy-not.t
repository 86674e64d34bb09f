# Lines that begin as a PROXY header would, and are none, are commands.
events: command reply session

S: 220 mx.b.example ESMTP
C: PROXY TCP4 192.0.2.999 198.51.100.25 50000 25
S: 502 5.5.2 what
C: PROXY TCP4 192.0.2.9 198.51.100.25 50000 25
S: 502 5.5.2 what
C: EHLO client.a.example
S: 250 mx.b.example

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "PROXY", "argument": "TCP4 192.0.2.999 198.51.100.25 50000 25"}
{"type": "reply", "code": 502, "to": "PROXY"}
{"type": "command", "verb": "PROXY", "argument": "TCP4 192.0.2.9 198.51.100.25 50000 25"}
{"type": "reply", "code": 502, "to": "PROXY"}
{"type": "command", "verb": "EHLO"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "session", "proxied": null}
