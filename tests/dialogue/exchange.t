# What Exchange's servers say to each other: its AUTH, link states, a message's properties in binary.
events: command reply auth message
secret: c2VjcmV0LW9uZQ==
secret: c2VjcmV0LXR3bw==

S: 220 mx.b.example Microsoft ESMTP MAIL Service
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-X-EXPS GSSAPI NTLM LOGIN
S: 250-X-EXPS=LOGIN
S: 250-X-LINK2STATE
S: 250-XEXCH50
S: 250 OK
C: X-EXPS GSSAPI c2VjcmV0LW9uZQ==
S: 334 Z28=
C: c2VjcmV0LXR3bw==
S: 235 2.7.0 yes
C: X-LINK2STATE LAST CHUNK={00000049} MULTI (5) ({00000000-0000-0000-0000-000000000001})
S: 200 LAST CHUNK={0000000E} DONE (5)
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: XEXCH50 24 2
S: 354 Send binary data
C= \x00\x01QUIT\r\nMAIL FROM:<x>\r\n\r
S: 250 XEXCH50 OK
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: XEXCH50 5 2
S: 504 Need to authenticate first
C: XEXCH50 0 2
S: 354 Send binary data
S: 250 XEXCH50 OK
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "EHLO"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "X-EXPS", "argument": "GSSAPI ********"}
{"type": "reply", "code": 334, "to": "X-EXPS"}
{"type": "command", "verb": "AUTH", "argument": "********"}
{"type": "reply", "code": 235, "to": "AUTH"}
{"type": "auth", "mechanism": "GSSAPI", "outcome": "success"}
{"type": "command", "verb": "X-LINK2STATE"}
{"type": "reply", "code": 200, "to": "X-LINK2STATE"}
{"type": "command", "verb": "MAIL"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "command", "verb": "XEXCH50", "argument": "24 2"}
{"type": "reply", "code": 354, "to": "XEXCH50"}
{"type": "reply", "code": 250, "to": "XEXCH50"}
{"type": "command", "verb": "DATA"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "command", "verb": "XEXCH50"}
{"type": "reply", "code": 504, "to": "XEXCH50"}
{"type": "command", "verb": "XEXCH50"}
{"type": "reply", "code": 354, "to": "XEXCH50"}
{"type": "reply", "code": 250, "to": "XEXCH50"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
M1: x
