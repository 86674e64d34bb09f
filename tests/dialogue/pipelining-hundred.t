# A hundred and more commands in one segment, their replies in three: each is tied to its own.
events: message session
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C*60: RSET
C: MAIL FROM:<ann@a.example>
C*40: NOOP
C: RCPT TO:<nobody@b.example>
C: RCPT TO:<bob@b.example>
C: DATA
S*70: 250 ok
--
S= 25
--
S= 0 ok\r\n
S*30: 250 ok
S: 550 no
S: 251 will forward
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted",
 "rcpt": [{"address": "nobody@b.example", "code": 550, "text": "no"},
          {"address": "bob@b.example", "code": 251, "text": "will forward"}]}
{"type": "session", "state": "complete"}
M1: x
