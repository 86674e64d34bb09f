# SMTP through SOCKS 4.
events: command reply session
ports: all
port: 1080

C= \x04\x01\x00\x19\xc6\x33\x64\x19someone\0
S= \0\x5a\0\0\0\0\0\0
S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "EHLO"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "tunnel": {"kind": "socks4", "target": "198.51.100.25:25", "username": null, "secret": null}}
