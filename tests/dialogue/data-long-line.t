# A line far longer than RFC 5321 section 4.5.3.1.6 allows, and a body longer than a window.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: long
C:
C*8000= 0123456789abcdef
C:
C*3: ..
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
M1: Subject: long
M1:
M1*8000= 0123456789abcdef
M1:
M1*3: .
