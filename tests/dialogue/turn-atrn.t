# ATRN (RFC 2645) is taken: the roles turn, and who has connected is sent mail to.
events: command reply message session
port: 366
ports: all

S: 220 mx.b.example ODMR
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 ATRN
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: ATRN a.example
S: 250 OK now reversing the connection
C: 220 client.a.example ESMTP
S: EHLO mx.b.example
C: 250-client.a.example
C: 250-PIPELINING
C: 250 DSN
S: MAIL FROM:<bob@b.example>
S: RCPT TO:<ann@a.example> NOTIFY=NEVER
S: DATA
C: 250 ok
C: 250 ok
C: 354 go
S: Subject: one
S:
S: x
S: .
C: 250 2.0.0 done
S: QUIT
C: 221 bye

{"type": "reply", "code": 220, "to": "banner", "turned": false}
{"type": "command", "verb": "EHLO", "turned": false}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "command", "verb": "ATRN", "argument": "a.example", "turned": false}
{"type": "reply", "code": 250, "to": "ATRN", "turned": false}
{"type": "message", "index": 1, "outcome": "incomplete", "stage": "mail", "turned": false}
{"type": "reply", "code": 220, "to": "banner", "turned": true}
{"type": "command", "verb": "EHLO", "argument": "mx.b.example", "turned": true}
{"type": "reply", "code": 250, "to": "EHLO", "turned": true}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "DATA", "pipelined": true}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 2, "from": "bob@b.example", "outcome": "accepted", "turned": true,
 "rcpt": [{"address": "ann@a.example", "code": 250}], "headers": {"subject": "one"}}
{"type": "command", "verb": "QUIT", "turned": true}
{"type": "reply", "code": 221, "to": "QUIT", "turned": true}
{"type": "session", "state": "complete", "turned": true, "messages": {"accepted": 1},
 "client": {"name": "client.a.example"}, "server": {"name": "mx.b.example", "port": 366},
 "extensions": ["PIPELINING", "DSN"]}
M2: Subject: one
M2:
M2: x
