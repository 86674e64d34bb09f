# A load balancer's PROXY line before the banner: no command, and it has no reply of its own.
events: message reply command session
findings: smtp.early-talker

C: PROXY TCP4 192.0.2.9 198.51.100.25 50000 25
S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 550 5.1.1 no
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "EHLO", "pipelined": false}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "reply", "code": 250, "enhanced": "2.1.0", "to": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "reply", "code": 550, "to": "RCPT"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 1, "outcome": "rejected", "stage": "rcpt",
 "rcpt": [{"address": "bob@b.example", "code": 550}]}
{"type": "session", "state": "complete", "protocol": null, "tunnel": null,
 "proxied": {"protocol": "tcp4", "ip": "192.0.2.9", "port": 50000}}
