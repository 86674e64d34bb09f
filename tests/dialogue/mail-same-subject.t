# Two mails that are the same in all: subject, Message-ID, content.

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: same
C: Message-ID: <1@a.example>
C:
C: x
C: .
S: 250 ok
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: same
C: Message-ID: <1@a.example>
C:
C: x
C: .
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted",
 "headers": {"subject": "same", "message_id": "<1@a.example>"}}
{"type": "message", "index": 2, "outcome": "accepted",
 "headers": {"subject": "same", "message_id": "<1@a.example>"}}
M1: Subject: same
M1: Message-ID: <1@a.example>
M1:
M1: x
M2: Subject: same
M2: Message-ID: <1@a.example>
M2:
M2: x
