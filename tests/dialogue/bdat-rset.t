# BDAT given up before its last chunk.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 3
C= abc
S: 250 ok
C: RSET
S: 250 reset
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "transfer": "BDAT", "outcome": "incomplete", "stage": "data",
 "reply": null}
M1= abc
