# The server answers LF . LF before anything follows, and the client goes on: it was the end, and what
# follows are commands like any others.
events: message session
findings: smtp.smuggling smtp.bare-newline

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= text\n.\n
S: 250 queued as 1
C: MAIL FROM:<admin@b.example>
S: 250 ok
C: RCPT TO:<carol@b.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "finding", "id": "smtp.bare-newline", "message": 1,
 "detail": {"bare_lf": 2, "look_alikes": 1, "look_alike": "LF . LF"}}
{"type": "message", "index": 2, "from": "admin@b.example", "outcome": "incomplete"}
{"type": "session", "state": "complete"}
