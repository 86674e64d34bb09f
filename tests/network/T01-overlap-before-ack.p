# The same bytes once more, and others, before anybody has acknowledged them.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAAAAAA\r\n"
C @text "BBBBBBBB" aside
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
bytes conflicting 8
bucket conflicting 1
remark conflict 1
sessions 1
