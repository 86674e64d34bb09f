# DATA behind BDAT is refused (RFC 3030 section 2), and the chunks go on.
events: reply message

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
C: DATA
S: 503 5.5.1 no
C: BDAT 3 LAST
C= def
S: 250 done
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 1
C= x
S: 250 ok
C: DATA
S: 503 5.5.1 no
C: RSET
S: 250 ok
C: QUIT
S: 221 bye

{"type": "reply", "to": "banner"}
{"type": "reply", "to": "EHLO"}
{"type": "reply", "to": "MAIL"}
{"type": "reply", "to": "RCPT"}
{"type": "reply", "code": 250, "to": "BDAT"}
{"type": "reply", "code": 503, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "transfer": "BDAT", "outcome": "accepted", "stage": "end"}
{"type": "reply", "to": "MAIL"}
{"type": "reply", "to": "RCPT"}
{"type": "reply", "code": 250, "to": "BDAT"}
{"type": "reply", "code": 503, "to": "DATA"}
{"type": "reply", "code": 250, "to": "RSET"}
{"type": "message", "index": 2, "transfer": "BDAT", "outcome": "rejected", "stage": "data",
 "reply": {"code": 503}}
{"type": "reply", "to": "QUIT"}
M1= abcdef
M2= x
