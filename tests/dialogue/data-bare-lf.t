# Lines that end with LF alone, and then CRLF . CRLF: one mail, its bytes as they were.
findings: smtp.bare-newline smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= Subject: unix\n\nline one\n.line two\n..\nlast\r\n
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end",
 "headers": {"subject": "unix"}}
{"type": "finding", "id": "smtp.bare-newline", "message": 1}
M1= Subject: unix\n\nline one\n.line two\n..\nlast\r\n
