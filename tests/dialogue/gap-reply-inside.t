# A hole inside replies of many lines: one goes on behind it, another was over when the client went on.
events: message reply

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S= 550-first lin
S!= e\r\n550-second
S: 550 last line
C: RCPT TO:<carol@b.example>
S= 451-first li
S!= ne\r\n451 last line\r\n
C: RCPT TO:<dave@b.example>
S= 451 again
S!= \x20and\r\n
C: RCPT TO:<eve@b.example>
S: 250 fine
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 550, "lines": ["first lin", "last line"], "to": "RCPT"}
{"type": "reply", "code": 451, "lines": ["first li"], "to": "RCPT"}
{"type": "reply", "code": 451, "lines": ["again"], "to": "RCPT"}
{"type": "reply", "code": 250, "lines": ["fine"], "to": "RCPT"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "rcpt": [{"address": "bob@b.example", "code": 550},
 {"address": "carol@b.example", "code": 451}, {"address": "dave@b.example", "code": 451},
 {"address": "eve@b.example", "code": 250}], "outcome": "accepted", "stage": "end"}
{"type": "reply", "code": 221, "to": "QUIT"}
M1: x
