# The content is whole, and the capture ends before the reply to it: what became of it is unknown.
events: message session
end: capture

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
{"type": "session", "state": "open", "messages": {"incomplete": 0, "unknown": 1}}
M1: x
