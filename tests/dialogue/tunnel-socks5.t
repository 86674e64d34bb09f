# SMTP through SOCKS 5 without a login, by address.
events: command reply session
ports: all
port: 1080

C= \x05\x02\x00\x02
S= \x05\x00
C= \x05\x01\x00\x04\x20\x01\x0d\xb8\0\x07\0\0\0\0\0\0\0\0\0\x05\x00\x19
S= \x05\x00\x00\x01\xc6\x33\x64\x07\xc3\x50
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
{"type": "session", "state": "complete", "tunnel": {"kind": "socks5", "target": "[2001:db8:7::5]:25", "username": null, "secret": null}}
