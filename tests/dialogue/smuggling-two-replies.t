# The server took LF . LF for the end of the content: it answers more than there are commands. The
# mail that this capture shows is the one that the client sent.
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
C= text\n.\n
C: MAIL FROM:<admin@b.example>
C: RCPT TO:<carol@b.example>
C: DATA
C: hidden
C: .
S: 250 queued as 1
S: 250 sender ok
S: 250 recipient ok
S: 354 go
S: 250 queued as 2
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "smtp.smuggling", "message": 1}
M1= text\n.\n
M1: MAIL FROM:<admin@b.example>
M1: RCPT TO:<carol@b.example>
M1: DATA
M1: hidden
