# Content whole, and then no packet any more: what became of it is not known.
events: message session
end: timeout

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
C: .

{"type": "message", "index": 1, "outcome": "unknown", "stage": "end", "reply": null}
{"type": "session", "state": "timeout"}
M1: x
