# Two FINs in wrong places, and then the right one.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
C "QUIT\r\n"
S "221 bye\r\n"
C FIN @+50 aside
C FIN @+20 aside
C FIN
S FIN
C

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
remark fin-moved +
sessions 1
