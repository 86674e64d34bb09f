# Behind a login that failed, lines that are no commands may be the rest of it: whatever they look like.
events: command auth
secret: pw-9Rest

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: AUTH XLOGIN al pw-9Rest
S: 504 5.5.4 unknown
C: pw-9Rest
S: 500 what
C: AUTH cHctOVJlc3Q=
S: 501 no
C: YWw=
S: 500 what
C: AUTH PLAIN AGFsAHB3LTlSZXN0
S: 535 no
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "AUTH", "argument": "XLOGIN ********"}
{"type": "auth", "mechanism": "XLOGIN", "outcome": "failure"}
{"type": "command", "verb": "********"}
{"type": "command", "verb": "AUTH", "argument": "********"}
{"type": "auth", "mechanism": "********", "outcome": "failure"}
{"type": "command", "verb": "********"}
{"type": "command", "verb": "AUTH", "argument": "PLAIN ********"}
{"type": "auth", "mechanism": "PLAIN", "username": "al", "secret": "********", "outcome": "failure"}
{"type": "command", "verb": "QUIT"}
