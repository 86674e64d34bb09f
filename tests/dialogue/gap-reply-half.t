# The end of one reply and the start of the next are lost.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S= 250-mx.b.example\r\n250-SI
S!= ZE 1000\r\n250-PIPELINING\r\n25
S= 0 HELP\r\n
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1,
 "rcpt": [{"address": "bob@b.example", "code": 250, "enhanced": "2.1.5"}], "outcome": "accepted",
 "stage": "end", "reply": {"text": "done"}}
M1: x
