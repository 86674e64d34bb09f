# Behind a PROXY line, SMTP is recognised on any port as without it.
events: command session
ports: all
port: 4025

C: PROXY TCP4 192.0.2.9 198.51.100.25 50000 25
S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example

{"type": "command", "verb": "EHLO"}
{"type": "session", "proxied": {"protocol": "tcp4", "ip": "192.0.2.9", "port": 50000}}
