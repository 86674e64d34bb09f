# Two SYN-ACKs with different numbers; the client's ACK takes the first.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

C SYN mss=1460
S SYN ACK mss=1460
S SYN ACK mss=1460 seq=5000
C
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA
remark syn-conflict +
sessions 1
