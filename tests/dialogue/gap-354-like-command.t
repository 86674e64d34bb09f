# The 354 is lost, and the content's first line begins like a command: its end tells, not what of it
# came first.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S!: 354 go
C= EHLO everybody-who
--
C:  reads this
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "transfer": "DATA",
 "reply": {"code": 250, "text": "done"}}
M1: EHLO everybody-who reads this
M1: x
