# Commands that end with CR CR LF, NUL CRLF, LF, and CR alone, which the server takes for the end.
events: command message session
findings: smtp.bare-newline smtp.syntax

S: 220 mx.b.example ESMTP
C= EHLO client.a.example\r\r\n
S: 250 mx.b.example
C= MAIL FROM:<ann@a.example>\0\r\n
S: 250 ok
C= RCPT TO:<bob@b.example>\n
S: 250 ok
C= NOOP\r
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C= NOOP\rRSET\r
S: 250 ok
S: 250 ok
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO", "argument": "client.a.example"}
{"type": "finding", "id": "smtp.bare-newline", "detail": {"where": "command", "bare_cr": 1}}
{"type": "command", "verb": "MAIL", "argument": "FROM:<ann@a.example>"}
{"type": "finding", "id": "smtp.bare-newline", "detail": {"where": "command", "nul": 1}}
{"type": "command", "verb": "RCPT"}
{"type": "finding", "id": "smtp.bare-newline", "detail": {"where": "command", "bare_lf": 1}}
{"type": "command", "verb": "NOOP"}
{"type": "command", "verb": "DATA"}
{"type": "message", "index": 1, "outcome": "accepted", "from": "ann@a.example"}
{"type": "command", "verb": "NOOP"}
{"type": "command", "verb": "RSET"}
{"type": "command", "verb": "QUIT"}
{"type": "session", "state": "complete"}
