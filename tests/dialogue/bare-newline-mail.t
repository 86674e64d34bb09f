# A mail whose lines all end with LF is one finding, with their count; CR and NUL beside.
events: message
findings: smtp.bare-newline smtp.syntax

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C*1000= line\n
C= a\rb\0c\0\r\n
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "size": 5008}
{"type": "finding", "id": "smtp.bare-newline", "message": 1, "severity": "low",
 "detail": {"where": "content", "bare_lf": 1000, "bare_cr": 1, "nul": 2, "look_alikes": 0}}
