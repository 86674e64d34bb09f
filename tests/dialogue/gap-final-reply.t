# The reply to the content is lost, and the session goes on: what became of it is not known.
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
S!: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "unknown", "stage": "end", "reply": null}
{"type": "session", "state": "complete", "messages": {"unknown": 1}}
M1: x
