# Twenty repetitions with wrong checksums do not make them mean nothing.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C @0 "E" aside bad-checksum times=20
C @text "BBBB" aside bad-checksum
C @text "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "finding", "id": "tcp.conflict"}
{"type": "session", "state": "complete", "client": {"bytes": 95, "missing_bytes": 0}, "server": {"bytes": 80}}
