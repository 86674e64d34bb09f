# The reply to RCPT is lost: it is taken for an acceptance.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S!: 250 2.1.5 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "rcpt": [{"address": "bob@b.example", "code": null, "text": null}],
 "outcome": "accepted", "stage": "end", "reply": {"text": "done"}}
M1: x
