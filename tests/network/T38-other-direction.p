# The server waits for too much; the client's hole is its own.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

limit: reorder=3000
open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n" lost
C "BBBB\r\n"
S ack=text
mark srv S
S "250-xxxxxxxx\r\n" ack=text lost
S "250-"*500 ack=text
S "250-"*500 ack=text
C @text "AAAA\r\n"
S @srv "250-xxxxxxxx\r\n" ack=text
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "unknown", "size": 26, "missing_bytes": 0}
{"type": "finding", "id": "tcp.gap"}
{"type": "session", "state": "complete", "client": {"bytes": 101, "missing_bytes": 0}, "server": {"bytes": 4080}}
