# Lines over the limits, on both sides and in content: 512 for a command with what extensions add, 512
# for a reply, 1000 for text, a doubled dot not counted.
events: message session
findings: smtp.syntax

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 DSN
C= NOOP\x20
C*505= x
C= \r\n
S: 250 ok
C= NOOP\x20
C*506= x
C= \r\n
S= 250\x20
S*506= x
S= \r\n
C= MAIL FROM:<ann@a.example> ENVID=
C*570= x
C= \r\n
S= 250\x20
S*507= x
S= \r\n
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C*998= x
C= \r\n
C*999= x
C= \r\n
C*999= .
C= \r\n
C*1000= .
C= \r\n
C*70000= y
C= \r\n
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "long-command", "direction": "client", "command": "NOOP", "count": 1}}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "long-reply", "direction": "server", "count": 1}}
{"type": "finding", "id": "smtp.syntax", "message": 1, "detail": {"problem": "long-line", "direction": "client", "count": 3}}
{"type": "session", "state": "complete"}
