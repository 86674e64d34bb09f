# Look-alikes of the end of data with no command behind them, and properly doubled dots: nothing is
# smuggled.
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= text\n.\nmore text\n
C: ..
C: MAIL FROM:<eve@a.example>
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
M1= text\n.\nmore text\n
M1: ..
M1: MAIL FROM:<eve@a.example>
