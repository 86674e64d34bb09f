# An urgent pointer in a segment with a wrong checksum.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text "x" aside bad-checksum urg=3
C @text "AABBCC\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 22, "missing_bytes": 0}
{"type": "finding", "id": "tcp.conflict"}
{"type": "session", "state": "complete", "client": {"bytes": 97, "missing_bytes": 0}, "server": {"bytes": 80}}
