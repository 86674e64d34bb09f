# Twenty recipients that do not exist: names are being tried. Policy and greylisting do not count.
findings: smtp.enumeration

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RCPT TO:<carol@b.example>
S: 451 4.7.1 greylisted
C: RCPT TO:<dave@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user0@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user1@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user2@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user3@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user4@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user5@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user6@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user7@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user8@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user9@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user10@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user11@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user12@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user13@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user14@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user15@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user16@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user17@b.example>
S: 550 mailbox unavailable
C: RCPT TO:<user18@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user19@b.example>
S: 550 mailbox unavailable
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "rcpt"}
{"type": "finding", "id": "smtp.enumeration", "detail": {"names": 0, "recipients": 20, "accepted": 1}}
