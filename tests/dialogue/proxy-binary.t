# A PROXY header of version 2, with more in it than addresses, and a command right behind it.
events: command reply session

C= \r\n\r\n\0\r\nQUIT\n\x21\x21\x00\x2b
C= \x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x19\xc3\x50\x00\x19
C= \x04\0\x04\0\0\0\0
C: EHLO client.a.example
S: 220 mx.b.example ESMTP
S: 250 mx.b.example
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "proxied": {"protocol": "tcp6", "ip": "2001:db8::9", "port": 50000}}
