# SOCKS 5 with name and password; to a name, on a port that counts by itself.
events: command reply session
port: 2525
secret: socks-secret

C= \x05\x01\x02
S= \x05\x02
C= \x01\x04user\x0csocks-secret
S= \x01\x00
C= \x05\x01\x00\x03\x0cmx.b.example\x00\x19
S= \x05\x00\x00\x03\x05proxy\xc3\x50
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
{"type": "session", "state": "complete", "tunnel": {"kind": "socks5", "target": "mx.b.example:25", "username": "user", "secret": "********"}}
