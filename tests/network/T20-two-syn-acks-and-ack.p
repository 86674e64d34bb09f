# A forged SYN-ACK, acknowledged by a forged packet.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

C SYN mss=1460
S SYN ACK mss=1460 aside seq=5000000 ttl=1
C ack=0 ttl=1 aside
S SYN ACK mss=1460
C
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"bytes": 95, "missing_bytes": 0}, "server": {"bytes": 80}}
