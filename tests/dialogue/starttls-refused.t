# STARTTLS is refused: the session goes on in the clear.
events: message session
findings: tls.refused tls.injection tls.not-used tls.stripped

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
S: 454 4.7.0 TLS not available
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

{"type": "finding", "id": "tls.refused", "severity": "medium"}
{"type": "message", "index": 1, "outcome": "accepted", "security": "none"}
{"type": "session", "security": "none", "decrypted": null, "state": "complete"}
M1: x
