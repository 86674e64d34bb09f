# Sizes that are none: no chunk is taken, whatever they look like, and the next mail is read.
events: reply message

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 18446744073709551615
S: 501 5.5.4 bad size
C: BDAT 18446744073709551616 LAST
S: 501 5.5.4 bad size
C: BDAT 9223372036854775808
S: 501 5.5.4 bad size
C: BDAT -1
S: 501 5.5.4 bad size
C: BDAT +5
S: 501 5.5.4 bad size
C: BDAT 5 X
S: 501 5.5.4 bad size
C: BDAT 5 LAST X
S: 501 5.5.4 bad size
C: BDAT 0x5
S: 501 5.5.4 bad size
C: BDAT 1e3
S: 501 5.5.4 bad size
C: BDAT 5,LAST
S: 501 5.5.4 bad size
C: BDAT LAST
S: 501 5.5.4 bad size
C: BDAT
S: 501 5.5.4 bad size
C: BDAT 00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000018446744073709551615
S: 501 5.5.4 bad size
C: BDAT 000003 last
C= abc
S: 250 done
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 1\tLAST
C= x
S: 250 done
C: QUIT
S: 221 bye

{"type": "reply", "to": "banner"}
{"type": "reply", "to": "EHLO"}
{"type": "reply", "to": "MAIL"}
{"type": "reply", "to": "RCPT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 501, "to": "BDAT"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "BDAT", "outcome": "accepted", "size": 3}
{"type": "reply", "to": "MAIL"}
{"type": "reply", "to": "RCPT"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "accepted", "size": 1}
{"type": "reply", "to": "QUIT"}
M1= abc
M2= x
