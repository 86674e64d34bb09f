# Bytes of another protocol before a session of SMTP: the server answers them, and the session is one.
events: message session
findings: smtp.early-talker

S: 220 mx.b.example ESMTP
C= \x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10\r\n
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

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "client": {"name": "client.a.example"}}
M1: x
