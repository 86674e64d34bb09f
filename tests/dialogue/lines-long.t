# Command and reply lines far over all limits: the next line is read as if nothing had been.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C*9000= NOOP....
C:
S: 500 5.5.6 line too long
C: NOOP
S= 250\x20
S*9000= blah....
S:
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "rcpt": [{"code": 250}],
 "reply": {"code": 250, "text": "done"}}
{"type": "session", "state": "complete"}
M1: x
