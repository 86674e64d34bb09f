# Thirty refused transactions do not tire anybody: the good one behind them is there.
events: session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C*30: MAIL FROM:<eve@a.example>
S*30: 550 5.7.1 go away
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

{"type": "session", "state": "complete", "messages": {"accepted": 1, "rejected": 30}}
M31: x
