# A reset with a number ahead, and more than two minutes until the reply.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
S
C "AAAA\r\n.\r\n"
S
C RST seq=5000000 aside
wait 130
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "size": 20, "missing_bytes": 0}
{"type": "finding", "id": "tcp.reset"}
{"type": "session", "state": "complete", "client": {"bytes": 95, "missing_bytes": 0}, "server": {"bytes": 80}}
