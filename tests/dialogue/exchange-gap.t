# Part of XEXCH50's bytes was not captured: what stands behind them are commands again.
events: command message

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 XEXCH50
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: XEXCH50 30 2
S: 354 Send binary data
C= abc
C!*10= x
C= abcdefghijklmnopq
S: 250 XEXCH50 OK
C: RCPT TO:<bob@b.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "XEXCH50"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "QUIT"}
{"type": "message", "index": 1, "from": "ann@a.example", "rcpt": [{"code": 250}], "stage": "rcpt"}
