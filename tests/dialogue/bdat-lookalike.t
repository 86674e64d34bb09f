# In a chunk nothing ends the content but its length, and dots are not doubled.
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 50 LAST
C: ..two
C: .
C: MAIL FROM:<eve@a.example>
C: BDAT 5 LAST
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "BDAT", "outcome": "accepted",
 "stage": "end"}
M1: ..two
M1: .
M1: MAIL FROM:<eve@a.example>
M1: BDAT 5 LAST
