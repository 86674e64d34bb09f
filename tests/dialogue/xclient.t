# Commands of proxies (XCLIENT, XFORWARD) are commands like others.
events: command message

S: 220 mx.b.example ESMTP
C: EHLO proxy.a.example
S: 250-mx.b.example
S: 250-XCLIENT NAME ADDR
S: 250 XFORWARD NAME ADDR
C: XFORWARD NAME=client.a.example ADDR=192.0.2.9
S: 250 ok
C: XCLIENT NAME=client.a.example ADDR=192.0.2.9
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

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "XFORWARD", "argument": "NAME=client.a.example ADDR=192.0.2.9"}
{"type": "command", "verb": "XCLIENT", "argument": "NAME=client.a.example ADDR=192.0.2.9"}
{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
{"type": "command", "verb": "QUIT"}
M1: x
