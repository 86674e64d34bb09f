# A first copy that differs, with the same numbers and checksum field: it is no duplicate.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "BBAAEEEE\r\n" aside ttl=1 ip-id=77
C @text "AABBEEEE\r\n" ip-id=77
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 24, "missing_bytes": 0}
{"type": "finding", "id": "tcp.conflict"}
{"type": "session", "state": "complete", "client": {"bytes": 99, "missing_bytes": 0}, "server": {"bytes": 80}}
