# Blanks where none belong, tabs, no argument, a verb with a NUL.
events: command message

S: 220 mx.b.example ESMTP
C: EHLO\tclient.a.example
S: 250 mx.b.example
C: MAIL FROM :<ann@a.example>
S: 250 ok
C: RCPT   TO:   <bob@b.example>
S: 250 ok
C: RCPT
S: 501 syntax
C: NO\0OP
S: 500 what
C: DATA\x20\x20
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO", "argument": "client.a.example"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "RCPT"}
{"type": "command"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end"}
{"type": "command", "verb": "QUIT"}
M1: x
