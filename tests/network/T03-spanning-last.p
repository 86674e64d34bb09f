# A segment over three that wait, with other bytes; the last ones count.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
overlap: last

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

{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 82, "bytes": 2, "taken": "BB", "other": "AA"}}
{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 86, "bytes": 2, "taken": "BB", "other": "AA"}}
{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 90, "bytes": 2, "taken": "BB", "other": "AA"}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: hhBBBBBBBBBB
bytes conflicting 6
remark conflict +
