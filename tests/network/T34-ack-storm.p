# A thousand of them, while nothing waits for these bytes.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
S ack=+100000 times=1000
C "AAAA\r\n"
S
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
remark ack-unseen +
