# Commands are cut: they count, and what is not there to its end is not shown as whole.
events: command message session

S: 220 mx.b.example ESMTP
C= EHLO client.a.ex
C!= ample\r\n
S: 250 mx.b.example
C= MAIL FROM:<ann@a.example> SIZE=10 BODY=8B
C!= ITMIME\r\n
S: 250 ok
C= RCPT TO:<bob@b.exam
C!= ple>\r\n
S: 550 no such user
C= RCPT TO:<"carol>d
C!= ot"@b.example>\r\n
S: 250 ok
C= RCPT TO:<dave@b.example>
C!= \r\n
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO", "argument": "client.a.ex"}
{"type": "command", "verb": "MAIL", "argument": "FROM:<ann@a.example> SIZE=10 BODY=8B"}
{"type": "command", "verb": "RCPT", "argument": "TO:<bob@b.exam"}
{"type": "command", "verb": "RCPT", "argument": "TO:<\"carol>d"}
{"type": "command", "verb": "RCPT", "argument": "TO:<dave@b.example>"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "from": "ann@a.example", "from_params": {"SIZE": "10"},
 "rcpt": [{"address": null, "code": 550}, {"address": null, "code": 250},
          {"address": "dave@b.example", "code": 250}],
 "outcome": "accepted", "stage": "end"}
{"type": "command", "verb": "QUIT"}
{"type": "session", "state": "complete", "client": {"name": null}}
M1: x
