# Silence inside the content until the session counts as ended.
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

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "data", "reply": null}
{"type": "session", "state": "timeout", "messages": {"incomplete": 1}}
M1: x
