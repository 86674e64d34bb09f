# SEND, SOML and SAML (RFC 821) open a transaction as MAIL does.
events: command message

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: SAML FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: SEND FROM:<ann@a.example>
S: 502 5.5.1 no
C: SOML FROM:<ann@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "command", "verb": "HELO"}
{"type": "command", "verb": "SAML", "argument": "FROM:<ann@a.example>"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted"}
{"type": "command", "verb": "SEND"}
{"type": "command", "verb": "SOML"}
{"type": "message", "index": 2, "from": "ann@a.example", "outcome": "rejected", "stage": "mail"}
{"type": "command", "verb": "QUIT"}
{"type": "message", "index": 3, "from": "ann@a.example", "outcome": "incomplete"}
M1: x
