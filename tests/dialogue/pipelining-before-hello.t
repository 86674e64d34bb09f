# Nothing was offered yet.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
C: MAIL FROM:<ann@a.example>
S: 250-mx.b.example
S: 250 PIPELINING
S: 250 ok
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.pipelining", "detail": {"command": "MAIL"}}
{"type": "message", "index": 1, "outcome": "incomplete"}
