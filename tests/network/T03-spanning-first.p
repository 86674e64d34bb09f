# A segment over three that wait, with other bytes; the first ones count.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text+2 "AA"
C @text+6 "AA"
C @text+10 "AA"
C @text+2 "BBBBBBBBBB" aside
C @text "hh"
C @text+12 "\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict"}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: hhAABBAABBAA
bytes conflicting 6
remark conflict +
