# Exim sends a chunk behind RCPT without waiting; the recipient is put off, so the chunk comes out of order (503). What
# put the message off is the recipient's reply, and its content is there nevertheless.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<greta@b.example>
C: BDAT 3 LAST
C= abc
S: 250 OK
S: 451 4.7.1 Greylisted, please try again later
S: 503 valid RCPT command must precede BDAT
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "BDAT", "outcome": "deferred",
 "stage": "rcpt", "reply": {"code": 451, "enhanced": "4.7.1"}}
M1= abc
