# One group, five replies: each goes with its own command.
events: command message
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: RCPT TO:<nobody@b.example>
C: RCPT TO:<full@b.example>
C: DATA
S: 250 2.1.0 ok
S: 250 2.1.5 ok
S: 550 5.1.1 no such user
S: 452 4.2.2 mailbox full
S: 354 go
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO", "argument": "client.a.example", "pipelined": false}
{"type": "command", "verb": "MAIL", "argument": "FROM:<ann@a.example>", "pipelined": false}
{"type": "command", "verb": "RCPT", "argument": "TO:<bob@b.example>", "pipelined": true}
{"type": "command", "verb": "RCPT", "argument": "TO:<nobody@b.example>", "pipelined": true}
{"type": "command", "verb": "RCPT", "argument": "TO:<full@b.example>", "pipelined": true}
{"type": "command", "verb": "DATA", "pipelined": true}
{"type": "message", "index": 1, "outcome": "accepted", "size": 0,
 "rcpt": [{"address": "bob@b.example", "code": 250, "enhanced": "2.1.5", "text": "ok"},
          {"address": "nobody@b.example", "code": 550, "enhanced": "5.1.1", "text": "no such user"},
          {"address": "full@b.example", "code": 452, "enhanced": "4.2.2", "text": "mailbox full"}]}
{"type": "command", "verb": "QUIT", "pipelined": false}
