# A chunk belongs to its BDAT and does not wait for its reply; a second BDAT should.
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 3
C: x
S: 250 3 octets
C: BDAT 3
C: y
C: BDAT 3 LAST
C: z
S: 250 3 octets
S: 250 done
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.pipelining", "detail": {"command": "BDAT"}}
{"type": "message", "index": 1, "outcome": "accepted", "transfer": "BDAT"}
M1: x
M1: y
M1: z
