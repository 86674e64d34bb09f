# Two readings of bytes behind a hole, and then the hole is filled.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text+4 "AAAAAAAA\r\n"
C @text+4 "BBBBBBBB" aside
C @text "hhhh"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 84, "bytes": 8, "taken": "AAAAAAAA", "other": "BBBBBBBB",
  "late": false}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: hhhhAAAAAAAA
bytes conflicting 8
remark conflict 1
remark out-of-order +
remark fills-gap +
