# A relay passes on what it has accepted: the queue id it gave stands in the Received field that it put on top, though
# the recipient is another. The message behind it came to the relay in another way. What is told of it is checked by
# `deliveries`.

open
S "220 relay.b.example ESMTP\r\n"
C "EHLO a.example\r\n"
S "250 relay.b.example\r\n"
C "MAIL FROM:<ann@a.example>\r\n"
S "250 ok\r\n"
C "RCPT TO:<list@b.example>\r\n"
S "250 ok\r\n"
C "DATA\r\n"
S "354 go\r\n"
C "Message-ID: <1@a.example>\r\n\r\nhello\r\n.\r\n"
S "250 2.0.0 Ok: queued as 4ABCDE0123\r\n"
bye
open 2
S2 "220 mx.c.example ESMTP\r\n"
C2 "EHLO relay.b.example\r\n"
S2 "250 mx.c.example\r\n"
C2 "MAIL FROM:<list-owner@b.example>\r\n"
S2 "250 ok\r\n"
C2 "RCPT TO:<carl@c.example>\r\n"
S2 "250 ok\r\n"
C2 "DATA\r\n"
S2 "354 go\r\n"
C2 "Received: from a.example (a.example [192.0.2.10])\r\n\tby relay.b.example (Postfix) with ESMTP id 4ABCDE0123\r\n\tfor <list@b.example>; Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\r\nMessage-ID: <1@a.example>\r\n\r\nhello\r\n.\r\n"
S2 "250 2.0.0 Ok: queued as 5ABCDE0123\r\n"
C2 "MAIL FROM:<list-owner@b.example>\r\n"
S2 "250 ok\r\n"
C2 "RCPT TO:<dora@c.example>\r\n"
S2 "250 ok\r\n"
C2 "DATA\r\n"
S2 "354 go\r\n"
C2 "Received: from a.example by relay.b.example id 7ABCDE0123; Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\nhello\r\n.\r\n"
S2 "250 2.0.0 Ok: queued as 6ABCDE0123\r\n"
bye 2

