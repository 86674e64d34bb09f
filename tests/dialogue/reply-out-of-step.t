# A reply that only DATA can have brings the ledger back into step.
events: message session

S: 220-mx.b.example ESMTP
S: broken
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 ok: queued as 12345
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "queue_id": "12345"}
{"type": "session", "state": "complete"}
M1: x
