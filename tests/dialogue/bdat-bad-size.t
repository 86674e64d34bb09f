# BDAT without a size that makes sense has no chunk; the mail goes on by DATA.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT abc LAST
S: 501 5.5.4 bad size
C: BDAT
S: 501 5.5.4 bad size
C: BDAT -1
S: 501 5.5.4 bad size
C: BDAT 99999999999999999999999 LAST
S: 501 5.5.4 bad size
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "transfer": "DATA", "outcome": "accepted", "stage": "end",
 "reply": {"text": "done"}}
M1: x
