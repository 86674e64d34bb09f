# LF . LF inside content with a command line behind it: CRLF . CRLF alone ends content, so this is one
# mail, and a finding.
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
C: Subject: outer
C:
C= text\n.\n
C: MAIL FROM:<admin@b.example>
C: RCPT TO:<carol@b.example>
C: DATA
C: Subject: inner
C:
C: hidden
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "bob@b.example"}], "headers": {"subject": "outer"}}
{"type": "finding", "id": "smtp.smuggling", "severity": "high", "message": 1}
M1: Subject: outer
M1:
M1= text\n.\n
M1: MAIL FROM:<admin@b.example>
M1: RCPT TO:<carol@b.example>
M1: DATA
M1: Subject: inner
M1:
M1: hidden
