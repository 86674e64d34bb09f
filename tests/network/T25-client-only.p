# Only what the client sends was captured: envelope and content are known, what became of it is not.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
captured: client

open
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "from": "ann@a.example", "outcome": "unknown", "stage": "end", "missing_bytes": 0}
{"type": "session", "from_start": true}
M1: AAAA
sessions 1
