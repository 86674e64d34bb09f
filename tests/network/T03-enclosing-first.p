# Segments that wait, one around another, with other bytes; the first one counts.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text+4 "AAAA"
C @text+2 "BBBBBBBB" aside
C @text "hh"
C @text+10 "\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 84, "bytes": 4, "taken": "AAAA", "other": "BBBB",
  "late": false}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: hhBBAAAABB
bytes conflicting 4
remark conflict 1
