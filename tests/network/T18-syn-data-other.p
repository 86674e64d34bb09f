# Bytes in the SYN, not acknowledged; what is sent then is something else.
events: message session
findings: tcp.gap
whole: the bytes are in the SYN

C SYN mss=1460 fast-open "EHLO z\r\n" aside
S SYN ACK mss=1460 ack=0
C
S "220 b ESMTP\r\n"
C "EHLO a\r\n"
S "250 PIPELINING\r\n"
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"name": "a"}}
M1: AAAA
remark syn-data 1
