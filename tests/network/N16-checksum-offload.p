# Every packet of the client has a wrong checksum: its network card fills them in.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

set C bad-checksum

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
artefact checksum_offload_hosts 1
artefact bad_checksum 0
bytes not_taken 0
