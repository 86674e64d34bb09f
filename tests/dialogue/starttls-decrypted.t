# Recorded behind a TLS proxy: STARTTLS is accepted, and SMTP goes on in the clear.
events: message session
findings: tls.injection tls.not-begun tls.refused

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
S: 220 2.0.0 go ahead
C: EHLO inside.a.example
S: 250-mx.b.example
S: 250 SIZE
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "tls.not-begun", "severity": "low"}
{"type": "session", "state": "complete", "client": {"name": "inside.a.example"},
 "extensions": ["SIZE"]}
M1: x
