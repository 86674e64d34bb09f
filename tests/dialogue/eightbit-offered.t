# 8-bit content to a server that takes it, announced or not; an address that was announced.
findings: smtp.8bit

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-SMTPUTF8
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example> BODY=8BITMIME
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: caf\xc3\xa9
C: .
S: 250 done
C: MAIL FROM:<ren\xc3\xa9@a.example> SMTPUTF8
S: 250 ok
C: RCPT TO:<zo\xc3\xab@b.example>
S: 250 ok
C: DATA
S: 354 go
C: caf\xc3\xa9
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "message", "index": 2, "outcome": "accepted"}
