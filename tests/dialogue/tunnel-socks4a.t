# SOCKS 4a: the proxy is given a name.
events: command session
ports: all
port: 1080

C= \x04\x01\x02\x4b\0\0\0\x01\0mx.b.example\0
S= \0\x5a\0\0\0\0\0\0
S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example

{"type": "command", "verb": "EHLO"}
{"type": "session", "tunnel": {"kind": "socks4", "target": "mx.b.example:587", "username": null, "secret": null}}
