# A SYN, another SYN with another number, and the SYN-ACK takes the second.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

same 2 1
C SYN mss=1460
C2 SYN mss=1460
S2 SYN ACK mss=1460
C2
hello 2
mail 2
C2 "AAAA\r\n.\r\n"
S2 "250 ok\r\n"
bye 2

{"type": "session", "state": "timeout", "session": 1}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "session": 2}
M2001: AAAA
remark syn-conflict +
sessions 2
