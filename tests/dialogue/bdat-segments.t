# BDAT commands and chunks in segments of their own, a reply to each.
events: message reply
findings: smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 14
--
C: Subject: two
S: 250 14 octets
C: BDAT 5
--
C= \r\n\x00\xff\x0a
S: 250 5 octets
C: BDAT 1 LAST
--
C= z
S: 250 2.6.0 done
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "reply", "code": 250, "to": "BDAT"}
{"type": "reply", "code": 250, "to": "BDAT"}
{"type": "reply", "code": 250, "enhanced": "2.6.0", "to": "data"}
{"type": "message", "index": 1, "transfer": "BDAT", "outcome": "accepted", "stage": "end"}
{"type": "reply", "code": 221, "to": "QUIT"}
M1: Subject: two
M1= \r\n\x00\xff\nz
