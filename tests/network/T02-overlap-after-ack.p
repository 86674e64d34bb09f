# Other bytes in the place of those that the receiver has: what it has stays.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
mark body C
C "Subject: x\r\n\r\n"
mark text C
C "AAAAAAAA\r\n"
S
C @text "BBBBBBBB" aside
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict"}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1: 
M1: AAAAAAAA
bytes conflicting 8
bucket conflicting 1
remark conflict 1
