# The same addresses and ports begin anew after nothing.
events: message session
findings: tcp.conflict tcp.gap

same 2 1
open
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"

open 2
hello 2
mail 2
C2 "BBBB\r\n.\r\n"
S2 "250 ok\r\n"
bye 2

{"type": "message", "session": 1, "index": 1, "outcome": "accepted"}
{"type": "session", "session": 1, "state": "timeout"}
{"type": "message", "session": 2, "index": 1, "outcome": "accepted"}
{"type": "session", "session": 2, "state": "complete"}
M1001: AAAA
M2001: BBBB
remark port-reused 1
sessions 2
