# 8-bit content to a server that does not offer 8BITMIME.
findings: smtp.8bit

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: x
C:
C: caf\xc3\xa9
C: \xff
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "finding", "id": "smtp.8bit", "severity": "low", "message": 1,
 "detail": {"where": "content", "command": null, "offered": false}}
