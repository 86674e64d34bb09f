# A SYN with another number, and bytes behind it: nobody has answered it.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

same 2 1
open
hello
mail
C "Subject: x\r\n\r\n"
S
mark text C
C2 SYN mss=1460 ttl=1 seq=500000000
C2 "x" ttl=1 seq=500000000
C @text "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"bytes": 95, "missing_bytes": 0}, "server": {"bytes": 80}}
{"type": "session", "state": "not-smtp", "client": {"bytes": 1, "missing_bytes": 0}, "server": {"bytes": 0}}
