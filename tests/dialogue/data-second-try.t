# DATA is refused, a recipient follows, and the second DATA is taken: the last reply decides.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: DATA
S: 503 5.5.1 need RCPT
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 2.0.0 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "transfer": "DATA",
 "reply": {"code": 250, "enhanced": "2.0.0", "text": "done"}}
{"type": "session", "state": "complete", "messages": {"accepted": 1, "rejected": 0}}
M1: x
