# The end of the content, a segment for each of its bytes.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= Subject: split\r\n\r\nx
--
C= \r
--
C= \n
--
C= .
--
C= \r
--
C= \n
--
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end",
 "headers": {"subject": "split"}}
M1: Subject: split
M1:
M1: x
