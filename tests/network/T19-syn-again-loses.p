# A SYN, a forged SYN with another number, and the SYN-ACK takes the first.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

same 2 1
C SYN mss=1460
C2 SYN mss=1460
S SYN ACK mss=1460
C
hello 1
mail 1
C1 "AAAA\r\n.\r\n"
S1 "250 ok\r\n"
bye 1

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "session": 1}
{"type": "session", "session": 2}
M1001: AAAA
remark syn-conflict +
sessions 2
