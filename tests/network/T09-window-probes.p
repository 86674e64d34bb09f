# Ten thousand probes of a closed window, and then it opens.
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
C "A" aside times=10000 wait=0.01
S
C "AAAA\r\n" wait=0.3
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1*9= 0123456789
M1: 01234567
M1: AAAA
remark window-probe 10000
bytes keep_alive 10000
