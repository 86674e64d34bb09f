# Bytes in the SYN, and the SYN-ACK acknowledges them.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
whole: the bytes are in the SYN

C SYN mss=1460 fast-open "EHLO a\r\n"
S SYN ACK mss=1460
C
S "220 b ESMTP\r\n"
S "250 PIPELINING\r\n"
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"name": "a"}}
M1: AAAA
remark syn-data 1
