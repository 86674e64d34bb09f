# The connection ends behind a dot that no line end follows: it may have become any line.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C= .

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "data", "reply": null}
