# The names that servers give a mail in their replies.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<postfix@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 2.0.0 Ok: queued as 4WxYz12AbCz3kQ
C: MAIL FROM:<exim@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 OK id=1qX9Yz-0004Hk-2B
C: MAIL FROM:<sendmail@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 2.0.0 39Q8sXkL012345 Message accepted for delivery
C: MAIL FROM:<opensmtpd@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 2.0.0 8b4ad9c2 Message accepted for delivery
C: MAIL FROM:<exchange@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 2.6.0 <1@a.example> [InternalId=12345678901234, Hostname=EX1.b.example] 1234 bytes in 0.123, 9.8 KB/sec Queued mail for delivery
C: MAIL FROM:<gmail@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 2.0.0 OK  1698765432 a12-20020a170902abcd00b001c5sm1234567plb.123 - gsmtp
C: MAIL FROM:<qmail@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 ok 1698765432 qp 12345
C: MAIL FROM:<none@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: .
S: 250 Message received
C: QUIT
S: 221 bye

{"type": "message", "from": "postfix@a.example", "queue_id": "4WxYz12AbCz3kQ"}
{"type": "message", "from": "exim@a.example", "queue_id": "1qX9Yz-0004Hk-2B"}
{"type": "message", "from": "sendmail@a.example", "queue_id": "39Q8sXkL012345"}
{"type": "message", "from": "opensmtpd@a.example", "queue_id": "8b4ad9c2"}
{"type": "message", "from": "exchange@a.example", "queue_id": "12345678901234"}
{"type": "message", "from": "gmail@a.example",
 "queue_id": "a12-20020a170902abcd00b001c5sm1234567plb.123"}
{"type": "message", "from": "qmail@a.example", "queue_id": "12345"}
{"type": "message", "from": "none@a.example", "queue_id": null}
