# A reset inside the content.
events: message session
findings: tcp.reset
end: server reset

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: line one

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "data", "reply": null}
{"type": "finding", "id": "tcp.reset"}
{"type": "session", "state": "reset", "messages": {"incomplete": 1}}
M1: line one
