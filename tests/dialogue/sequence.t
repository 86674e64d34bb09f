# Commands out of order, each with what was wrong where the dialogue shows it.
findings: smtp.sequence

S: 220 mx.b.example ESMTP
C: MAIL FROM:<ann@a.example>
S: 503 5.5.1 say hello first
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN
C: RCPT TO:<bob@b.example>
S: 503 5.5.1 need MAIL
C: AUTH PLAIN AGFubgBzZWNyZXQ=
S: 235 2.7.0 welcome
C: AUTH PLAIN AGFubgBzZWNyZXQ=
S: 503 5.5.1 already authenticated
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: DATA
S: 503 5.5.1 need RCPT
C: RCPT TO:<nobody@b.example>
S: 550 5.1.1 no such user
C: DATA
S: 503 5.5.1 no valid recipients
C: MAIL FROM:<ann@a.example>
S: 503 5.5.1 nested MAIL command
C: RSET
S: 250 ok
C: VRFY bob
S: 503 5.5.1 not now
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.sequence", "detail": {"command": "MAIL", "reason": "no-hello"}}
{"type": "finding", "id": "smtp.sequence", "detail": {"command": "RCPT", "reason": "no-mail"}}
{"type": "finding", "id": "smtp.sequence", "detail": {"command": "AUTH", "reason": "again"}}
{"type": "finding", "id": "smtp.sequence", "detail": {"command": "DATA", "reason": "no-rcpt"}}
{"type": "finding", "id": "smtp.sequence", "detail": {"command": "DATA", "reason": "rcpt-refused"}}
{"type": "finding", "id": "smtp.sequence", "detail": {"command": "MAIL", "reason": "nested"}}
{"type": "message", "index": 1, "outcome": "rejected", "stage": "rcpt"}
{"type": "finding", "id": "smtp.sequence",
 "detail": {"command": "VRFY", "reason": null, "enhanced": "5.5.1", "text": "not now"}}
