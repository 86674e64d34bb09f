# A reset with a number far outside the window: the connection goes on.
events: message session
findings: tcp.conflict tcp.gap

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n"
S RST ACK seq=1000000
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
remark reset-doubted 1
remark after-reset +
sessions 1
