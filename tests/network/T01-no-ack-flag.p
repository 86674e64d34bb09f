# Bytes without an acknowledgement: receivers drop them.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @text "BBBB" PSH ack=none aside
C @text "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "finding", "id": "tcp.conflict"}
{"type": "session", "state": "complete", "client": {"bytes": 95, "missing_bytes": 0}, "server": {"bytes": 80}}
