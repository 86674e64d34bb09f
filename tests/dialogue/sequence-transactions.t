# Twenty-six transactions that come to nothing, and then one that does: it is read like the first.
findings: smtp.sequence

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<spam0@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam1@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam2@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam3@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam4@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam5@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam6@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam7@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam8@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam9@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam10@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam11@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam12@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam13@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam14@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam15@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam16@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam17@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam18@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam19@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam20@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam21@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam22@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam23@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam24@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<spam25@a.example>
C: RCPT TO:<nobody@b.example>
C: DATA
S: 250 ok
S: 550 5.1.1 no such user
S: 503 5.5.1 no valid recipients
C: RSET
S: 250 ok
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 2, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 3, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 4, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 5, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 6, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 7, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 8, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 9, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 10, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 11, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 12, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 13, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 14, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 15, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 16, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 17, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 18, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 19, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 20, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 21, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 22, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 23, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 24, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 25, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 26, "outcome": "rejected", "stage": "rcpt"}
{"type": "message", "index": 27, "from": "ann@a.example", "outcome": "accepted", "stage": "end"}
M27: x
