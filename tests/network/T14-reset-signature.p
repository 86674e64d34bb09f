# A reset with the right number, with a signature that the connection does not use: the connection goes on.
events: message session
findings: tcp.conflict tcp.gap

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
S RST ACK md5
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
remark reset-doubted 1
sessions 1
