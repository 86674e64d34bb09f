# A refusal before the SYN-ACK, which comes none the less.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

C SYN mss=1460
S RST ACK aside ttl=1
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

{"type": "session", "state": "reset", "client": {"bytes": 0, "missing_bytes": 0}, "server": {"bytes": 0}}
{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"bytes": 95, "missing_bytes": 0}, "server": {"bytes": 80}}
