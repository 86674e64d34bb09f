# Every packet of the client has an option that lies about its length: the payloads are read.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

set C bad-option
open
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA
artefact odd_option +
