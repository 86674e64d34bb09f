# A segment with a wrong TCP checksum, from one whose others are right, brings other bytes first.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "BBBBBBBB" aside bad-checksum
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
remark bad-checksum 1
remark not-taken 1
artefact bad_checksum 1
artefact checksum_offload_hosts 0
