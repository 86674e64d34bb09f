# Verbs in lower and mixed case, unknown ones, DATAFOO, which is not DATA, an empty line.
events: command message

S: 220 mx.b.example ESMTP
C: ehlo client.a.example
S: 250 mx.b.example
C: Mail from:<ann@a.example>
S: 250 ok
C: rCPT tO:<bob@b.example>
S: 250 ok
C: XFOO bar
S: 500 5.5.2 unknown
C: DATAFOO
S: 500 5.5.2 unknown
C: noop
S: 250 ok
C: data
S: 354 go
C: x
C: .
S: 250 done
C: quit
S: 221 bye

{"type": "command", "verb": "EHLO", "argument": "client.a.example"}
{"type": "command", "verb": "MAIL", "argument": "from:<ann@a.example>"}
{"type": "command", "verb": "RCPT", "argument": "tO:<bob@b.example>"}
{"type": "command", "verb": "XFOO", "argument": "bar"}
{"type": "command", "verb": "DATAFOO"}
{"type": "command", "verb": "NOOP"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted",
 "rcpt": [{"address": "bob@b.example"}]}
{"type": "command", "verb": "QUIT"}
M1: x
