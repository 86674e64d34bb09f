# The capture begins between two commands.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "from_start": false, "state": "complete", "messages": {"accepted": 1}}
M1: AAAA
remark midstream 1
sessions 1
