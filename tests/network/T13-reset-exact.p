# A reset with the right number ends the session at once; what comes behind it is of none.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
S RST ACK
C "AAAA\r\n"
C ".\r\n"

{"type": "finding", "id": "tcp.reset"}
{"type": "message", "outcome": "incomplete", "stage": "data"}
{"type": "session", "state": "reset"}
bytes after_end 9
bucket after_end 2
sessions 1
