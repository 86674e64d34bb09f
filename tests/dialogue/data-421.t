# The server gives up inside the content: its 421 decides.
events: message session
end: server fin
findings: smtp.pipelining

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
S: 421 4.3.2 shutting down

{"type": "message", "index": 1, "outcome": "deferred", "stage": "data",
 "reply": {"code": 421, "enhanced": "4.3.2", "text": "shutting down"}}
{"type": "session", "state": "closed", "messages": {"deferred": 1}}
M1: line one
