# BDAT with its chunk in the same segment, two mails.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: BDAT 23 LAST
C: Subject: one
C:
C: Hello
S: 250 ok
S: 250 ok
S: 250 2.0.0 23 octets
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: BDAT 14
C: Subject: two
C: BDAT 9 LAST
C:
C: Hello
S: 250 ok
S: 250 ok
S: 250 2.0.0 14 octets
S: 250 2.0.0 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "transfer": "BDAT", "outcome": "accepted", "stage": "end",
 "size": 23, "headers": {"subject": "one"}}
{"type": "message", "index": 2, "transfer": "BDAT", "outcome": "accepted", "stage": "end",
 "size": 23, "reply": {"text": "done"}, "headers": {"subject": "two"}}
