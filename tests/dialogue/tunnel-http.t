# SMTP through an HTTP proxy that wants a login.
events: message command reply session
ports: all
port: 3128
findings: smtp.early-talker
secret: http-secret

C: CONNECT mx.b.example:25 HTTP/1.1
C: Host: mx.b.example:25
C: Proxy-Authorization: Basic dXNlcjpodHRwLXNlY3JldA==
C:
S: HTTP/1.1 200 Connection established
S: Via: proxy.example
S:
S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "EHLO"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "command", "verb": "DATA"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "protocol": null, "proxied": null,
 "tunnel": {"kind": "http-connect", "target": "mx.b.example:25", "username": "user", "secret": "********"}}
M1: x
