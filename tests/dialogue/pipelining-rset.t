# RSET behind the end of the content in the same segment: the mail is done when its reply comes.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: x
C: .
C: RSET
C: MAIL FROM:<eve@a.example>
C: RSET
S: 250 done
S: 250 reset
S: 250 ok
S: 250 reset
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "reply": {"text": "done"}}
{"type": "message", "index": 2, "from": "eve@a.example", "outcome": "incomplete", "stage": "mail",
 "rcpt": [], "transfer": null, "reply": null, "size": 0}
M1: x
