# The same without any timestamp, though both ends agreed on them.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

set C ts
set S ts

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "BBBBBBBB" aside no-ts
C "AAAAAAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 80, "bytes": 8, "taken": "AAAAAAAA", "other": "BBBBBBBB",
  "late": false}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAAAAAA
remark old-timestamp 1
remark not-taken 1
