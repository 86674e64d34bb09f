# A chunk that is refused is read all the same (RFC 3030 section 2): its bytes are no commands.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 27
C: MAIL FROM:<eve@a.example>
S: 552 5.3.4 too big
C: RSET
S: 250 ok
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 3 LAST
C= abc
S: 550 5.7.1 no
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "BDAT", "outcome": "rejected",
 "stage": "data", "reply": {"code": 552, "enhanced": "5.3.4", "text": "too big"}}
{"type": "message", "index": 2, "from": "dan@a.example", "transfer": "BDAT", "outcome": "rejected",
 "stage": "end", "reply": {"code": 550, "enhanced": "5.7.1", "text": "no"}}
M2= abc
