# 26 transactions that come to nothing, and then a mail: it is read like any other.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<x0@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x1 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x2@a.example>
S: 451 later
C: MAIL FROM:<x3@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x4 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x5@a.example>
S: 451 later
C: MAIL FROM:<x6@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x7 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x8@a.example>
S: 451 later
C: MAIL FROM:<x9@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x10 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x11@a.example>
S: 451 later
C: MAIL FROM:<x12@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x13 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x14@a.example>
S: 451 later
C: MAIL FROM:<x15@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x16 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x17@a.example>
S: 451 later
C: MAIL FROM:<x18@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x19 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x20@a.example>
S: 451 later
C: MAIL FROM:<x21@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x22 BODY=what
S: 501 no
C: FOO
S: 500 what
C: MAIL FROM:<x23@a.example>
S: 451 later
C: MAIL FROM:<x24@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:x25 BODY=what
S: 501 no
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 2, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 3, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 4, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 5, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 6, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 7, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 8, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 9, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 10, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 11, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 12, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 13, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 14, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 15, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 16, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 17, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 18, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 19, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 20, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 21, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 22, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 23, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 24, "outcome": "deferred", "stage": "mail"}
{"type": "message", "index": 25, "outcome": "incomplete", "stage": "mail"}
{"type": "message", "index": 26, "outcome": "rejected", "stage": "mail"}
{"type": "message", "index": 27, "from": "ann@a.example", "outcome": "accepted"}
{"type": "session", "state": "complete", "messages": {"accepted": 1}}
M27: x
