# CRLF . LF inside content with a command line behind it. The line begins with a dot and is longer
# than a dot, so transparency takes the dot away.
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
C: text
C= .\n
C: MAIL FROM:<admin@b.example>
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "smtp.smuggling", "severity": "high", "message": 1}
M1: text
M1= \n
M1: MAIL FROM:<admin@b.example>
