# The clock passes 2^32 seconds.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

clock 4294967295.99
open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
artefact time_jump 0
sessions 1
