# Pipelined behind HELO, and again behind EHLO that does not offer it: told once of each.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: RCPT TO:<carol@b.example>
S: 250 ok
S: 250 ok
S: 250 ok
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 SIZE
C: MAIL FROM:<ann@a.example>
C: QUIT
S: 250 ok
S: 221 bye

{"type": "finding", "id": "smtp.pipelining", "severity": "low", "detail": {"command": "RCPT"}}
{"type": "message", "index": 1, "outcome": "incomplete"}
{"type": "finding", "id": "smtp.pipelining", "detail": {"command": "QUIT"}}
{"type": "message", "index": 2, "outcome": "incomplete"}
