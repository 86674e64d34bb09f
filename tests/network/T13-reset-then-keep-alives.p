# A reset with a number ahead, and the connection stays alive.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

open
hello
mail
C "Subject: x\r\n\r\n"
S
C RST seq=100 aside
wait 30
C @-1 "\0" aside
S
wait 30
C @-1 "\0" aside
S

{"type": "message", "outcome": "incomplete", "size": 14, "missing_bytes": 0}
{"type": "finding", "id": "tcp.reset"}
{"type": "session", "state": "open", "client": {"bytes": 80, "missing_bytes": 0}, "server": {"bytes": 63}}
