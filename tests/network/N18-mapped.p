# The same addresses and ports as IPv4 and as IPv4 in IPv6's form: two sessions, whose bytes do not meet.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
family: 4 it is about both

same 2 1
mapped 2
open
open 2
hello
hello 2
mail
mail 2
C "AAAA\r\n.\r\n"
C2 "BBBB\r\n.\r\n"
S "250 ok\r\n"
S2 "250 ok\r\n"
bye
bye 2

{"type": "message", "session": 1, "outcome": "accepted", "missing_bytes": 0}
{"type": "message", "session": 2, "outcome": "accepted", "missing_bytes": 0}
{"type": "session", "session": 1, "state": "complete", "client": {"ip": "192.0.2.1"}}
{"type": "session", "session": 2, "state": "complete", "client": {"ip": "::ffff:192.0.2.1"}}
M1001: AAAA
M2001: BBBB
sessions 2
