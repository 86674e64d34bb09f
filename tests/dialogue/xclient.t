# A proxy says of its client who it is (XCLIENT), and of messages where they come from (XFORWARD).
events: command message session

S: 220 mx.b.example ESMTP
C: EHLO proxy.a.example
S: 250-mx.b.example
S: 250-XCLIENT NAME ADDR
S: 250 XFORWARD NAME ADDR
C: XFORWARD NAME=client.a.example ADDR=192.0.2.9
S: 250 ok
C: XFORWARD HELO=a+2Bb SOURCE=[UNAVAILABLE] addr=192.0.2.10
S: 250 ok
C: XCLIENT NAME=client.a.example ADDR=192.0.2.9
S: 550 5.7.0 no
C: XCLIENT ADDR=192.0.2.9 PORT=7 LOGIN=ann+40a.example
S: 220 mx2.b.example ESMTP
C: EHLO client.a.example
S: 250-mx2.b.example
S: 250-XFORWARD NAME ADDR
S: 250 PIPELINING
C: XCLIENT ADDR=192.0.2.7
S: 550 5.7.0 no
C: XFORWARD NAME=one.a.example
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S*3: 250 ok
S: 354 go
C: x
C: .
S: 250 done
C: XFORWARD NAME=two.a.example
C: MAIL FROM:<ann@a.example>
S: 501 5.5.4 no
S: 250 ok
C: RSET
S: 250 ok
C: XFORWARD NAME=three.a.example
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "XFORWARD", "argument": "NAME=client.a.example ADDR=192.0.2.9"}
{"type": "command", "verb": "XFORWARD"}
{"type": "command", "verb": "XCLIENT", "argument": "NAME=client.a.example ADDR=192.0.2.9"}
{"type": "command", "verb": "XCLIENT"}
{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "XCLIENT"}
{"type": "command", "verb": "XFORWARD"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "outcome": "accepted", "stage": "end",
 "xforward": {"NAME": "one.a.example"}}
{"type": "command", "verb": "XFORWARD"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RSET"}
{"type": "message", "index": 2, "xforward": {}}
{"type": "command", "verb": "XFORWARD"}
{"type": "command", "verb": "RSET"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "QUIT"}
{"type": "message", "index": 3, "xforward": {}}
{"type": "session", "state": "complete",
 "client": {"name": "client.a.example"}, "server": {"name": "mx2.b.example"},
 "xclient": {"ADDR": "192.0.2.9", "PORT": "7", "LOGIN": "ann@a.example"},
 "used": ["PIPELINING", "XCLIENT", "XFORWARD"], "not_offered": ["XCLIENT"], "not_used": []}
M1: x
