# Segments that wait, one reaching in from the left, with other bytes; the last one counts.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
overlap: last

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text+4 "AAAA"
C @text+2 "BBBB" aside
C @text "hh"
C @text+8 "\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 84, "bytes": 2, "taken": "BB", "other": "AA",
  "late": false}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: hhBBBBAA
bytes conflicting 2
remark conflict 1
