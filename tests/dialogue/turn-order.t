# Behind TURN the dialogue begins anew: the first EHLO is no second one, nor the login, and nothing
# that was offered before is on offer.
findings: smtp.sequence smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 AUTH PLAIN
C: AUTH PLAIN AGFubgBzZWNyZXQ=
S: 235 ok
C: TURN
S: 250 ok
C: 220 client.a.example ESMTP
S: EHLO mx.b.example
C: 503 5.5.1 not now
S: AUTH PLAIN AGFubgBzZWNyZXQ=
C: 503 5.5.1 not now
S: NOOP
S: QUIT
C: 250 ok
C: 221 bye

{"type": "finding", "id": "smtp.sequence", "detail": {"command": "EHLO", "reason": null}}
{"type": "finding", "id": "smtp.sequence", "detail": {"command": "AUTH", "reason": "no-hello"}}
{"type": "finding", "id": "smtp.pipelining"}
