# An acknowledgement of bytes never sent, and a reset there.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
S
mark text C
S ack=+1000 aside
C RST seq=1000 aside
C @text "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "finding", "id": "tcp.reset"}
{"type": "session", "state": "complete", "client": {"bytes": 95, "missing_bytes": 0}, "server": {"bytes": 80}}
