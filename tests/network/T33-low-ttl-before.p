# The same before the real one: nothing but its TTL speaks against it, so it is taken, and both are told.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text "BBBBBBBB" aside ttl=1
C "AAAAAAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 80, "bytes": 8, "taken": "BBBBBBBB", "other": "AAAAAAAA",
  "late": false, "taken_ttl": 1, "other_ttl": 64}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: BBBBBBBB
bytes conflicting 8
