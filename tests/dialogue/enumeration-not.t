# Names that are asked for twice, mailboxes that are gone among many that are not, and refusals for
# other reasons.
findings: smtp.enumeration

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: VRFY bob
S: 252 cannot say
C: VRFY BOB
S: 252 cannot say
C: VRFY bob
S: 252 cannot say
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<user0@b.example>
S: 250 ok
C: RCPT TO:<user1@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user2@b.example>
S: 250 ok
C: RCPT TO:<user3@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user4@b.example>
S: 250 ok
C: RCPT TO:<user5@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user6@b.example>
S: 250 ok
C: RCPT TO:<user7@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user8@b.example>
S: 250 ok
C: RCPT TO:<user9@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user10@b.example>
S: 250 ok
C: RCPT TO:<user11@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user12@b.example>
S: 250 ok
C: RCPT TO:<user13@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user14@b.example>
S: 250 ok
C: RCPT TO:<user15@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user16@b.example>
S: 250 ok
C: RCPT TO:<user17@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user18@b.example>
S: 250 ok
C: RCPT TO:<user19@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user20@b.example>
S: 250 ok
C: RCPT TO:<user21@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user22@b.example>
S: 250 ok
C: RCPT TO:<user23@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user24@b.example>
S: 250 ok
C: RCPT TO:<user25@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user26@b.example>
S: 250 ok
C: RCPT TO:<user27@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user28@b.example>
S: 250 ok
C: RCPT TO:<user29@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user30@b.example>
S: 250 ok
C: RCPT TO:<user31@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user32@b.example>
S: 250 ok
C: RCPT TO:<user33@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user34@b.example>
S: 250 ok
C: RCPT TO:<user35@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user36@b.example>
S: 250 ok
C: RCPT TO:<user37@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user38@b.example>
S: 250 ok
C: RCPT TO:<user39@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user40@b.example>
S: 250 ok
C: RCPT TO:<user41@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user42@b.example>
S: 250 ok
C: RCPT TO:<user43@b.example>
S: 550 5.1.1 no such user
C: RCPT TO:<user0@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user1@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user2@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user3@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user4@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user5@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user6@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user7@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user8@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user9@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user10@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user11@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user12@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user13@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user14@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user15@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user16@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user17@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user18@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user19@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user20@c.example>
S: 554 5.7.1 relay access denied
C: RCPT TO:<user21@c.example>
S: 554 5.7.1 relay access denied
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "rcpt"}
