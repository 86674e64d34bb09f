# Dots that are doubled, and dots with a blank behind them: nothing of it looks like the end.
findings: smtp.smuggling smtp.bare-newline

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
C: text
C: ..
C: MAIL FROM:<eve@a.example>
C: .\x20
C: RCPT TO:<bob@b.example>
C: .\t
C: DATA
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted"}
M1: text
M1: .
M1: MAIL FROM:<eve@a.example>
M1: \x20
M1: RCPT TO:<bob@b.example>
M1: \t
M1: DATA
