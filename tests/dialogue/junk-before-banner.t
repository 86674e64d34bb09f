# Bytes of another protocol before the banner of a session of SMTP: it is one, and they are no command.
events: message session
findings: smtp.early-talker

C= \x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10\r\n
S: 220 mx.b.example ESMTP
S: 500 5.5.2 what
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

{"type": "finding", "id": "smtp.early-talker", "detail": {"command": null, "banner": true}}
{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "client": {"name": "client.a.example"}}
M1: x
