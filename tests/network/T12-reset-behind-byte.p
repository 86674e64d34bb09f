# A byte far ahead and a reset behind it: not the next number.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
S
mark text C
C @+1000 "Z" aside
C RST seq=1001 aside
C @text "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "finding", "id": "tcp.gap"}
{"type": "finding", "id": "tcp.reset"}
{"type": "session", "state": "complete", "client": {"bytes": 96, "missing_bytes": 985}, "server": {"bytes": 80}}
