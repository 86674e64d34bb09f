# The content is whole, and the connection ends without a reply to it.
events: message session

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

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "end", "reply": null}
{"type": "session", "state": "closed", "messages": {"incomplete": 1, "unknown": 0}}
M1: x
