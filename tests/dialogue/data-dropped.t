# The connection ends behind the 354.
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

{"type": "message", "index": 1, "transfer": "DATA", "outcome": "incomplete", "stage": "data",
 "reply": null, "size": 0}
{"type": "session", "state": "closed", "messages": {"incomplete": 1}}
