# Commands ended by LF alone, by CR CR LF, with blanks around them.
events: command message
findings: smtp.bare-newline

S: 220 mx.b.example ESMTP
C= EHLO client.a.example\n
S= 250 mx.b.example\n
C= MAIL FROM:<ann@a.example> \r\n
S: 250 ok
C= RCPT TO:<bob@b.example>\n
S: 250 ok
C= DATA\r\n
S: 354 go
C: x
C: .
S: 250 done
C= QUIT \r\n
S: 221 bye

{"type": "command", "verb": "EHLO", "argument": "client.a.example"}
{"type": "finding", "id": "smtp.bare-newline"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted",
 "rcpt": [{"address": "bob@b.example"}]}
{"type": "command", "verb": "QUIT"}
M1: x
