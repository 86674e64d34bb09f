# A SYN with another number on a connection that stands, and nobody answers it: a session beside.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

same 2 1
open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C2 SYN mss=1460
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "session": 1}
{"type": "session", "session": 2, "messages": {"accepted": 0}}
M1: Subject: x
M1:
M1: AAAA
remark syn-conflict +
sessions 2
