# The capture's clock goes back by an hour, to 0, and on again: the order is that of the packets.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
clock 1699996400
mail
clock 0
C "AAAA\r\n"
clock 1700001000
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA
artefact time_jump 2
sessions 1
