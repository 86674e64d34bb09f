# A mail in chunks of one octet, pipelined.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C*9= BDAT 1\r\nx
C= bdat 1 last\r\n.
C: QUIT
S*12: 250 ok
S: 221 bye

{"type": "message", "index": 1, "transfer": "BDAT", "outcome": "accepted", "stage": "end"}
M1= xxxxxxxxx.
