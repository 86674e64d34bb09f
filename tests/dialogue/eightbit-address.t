# Addresses that are not ASCII, SMTPUTF8 offered and not asked for; the second is an argument of RCPT.
findings: smtp.8bit

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 SMTPUTF8
C: MAIL FROM:<ren\xc3\xa9@a.example>
S: 250 ok
C: RCPT TO:<zo\xc3\xab@b.example>
S: 553 5.6.7 no
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.8bit", "detail": {"where": "address", "command": "MAIL", "offered": true}}
{"type": "finding", "id": "smtp.8bit", "detail": {"where": "address", "command": "RCPT", "offered": true}}
{"type": "message", "index": 1, "stage": "rcpt"}
