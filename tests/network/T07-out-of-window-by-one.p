# A byte just behind the receiver's window, and then what really was sent there.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

set S win=1000
open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
S
C @+1000 "B" aside
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
remark out-of-window 1
