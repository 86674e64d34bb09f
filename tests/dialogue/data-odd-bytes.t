# NUL, bare CR, 8-bit and a line of CR CR LF: content is bytes.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= a\0b\rc\x80\xff\r\r\n
C= \r.\r
C= \r\r\n
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
M1= a\0b\rc\x80\xff\r\r\n\r.\r\r\r\n
