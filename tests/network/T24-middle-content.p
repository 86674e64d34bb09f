# The capture begins inside a mail: the next one is whole, and has nothing of it.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

C "of a line\r\nQUIT is not meant here.\r\n"
C "another line\r\n.\r\n"
S "250 ok\r\n"
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "from_start": false, "state": "complete", "messages": {"accepted": 1}}
M1: AAAA
remark midstream 1
sessions 1
