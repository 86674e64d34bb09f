# LF . CRLF inside content with a command line behind it.
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= text\n.\r\n
C: mail from:<admin@b.example>
C: rcpt to:<carol@b.example>
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "smtp.smuggling", "severity": "high", "message": 1}
M1= text\n.\r\n
M1: mail from:<admin@b.example>
M1: rcpt to:<carol@b.example>
