# A command cut inside its verb is none, and the rest of a cut line is not the next command.
events: command message

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C= RCP
C!= T TO:<bob@b.example>\r\n
S: 250 ok
C= RCPT TO:<carol@b.ex
C!= ample> NOT
C: IFY=NEVER
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT", "argument": "TO:<carol@b.ex"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "rcpt": [{"address": null, "code": 250}], "outcome": "accepted"}
{"type": "command", "verb": "QUIT"}
M1: x
