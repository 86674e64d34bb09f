# A probe whose byte the receiver takes after all.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

set S win=100
open
hello
mail
C "Subject: x\r\n\r\n"
S
C "0123456789"*9
C "01234567\r\n"
S win=0
C "A"
S
C "BCD\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1*9= 0123456789
M1: 01234567
M1: ABCD
remark window-probe 1
