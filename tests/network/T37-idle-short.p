# Silence of just less than an hour, before a mail and within it: the same session.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
wait 3590
mail
C "Subject: x\r\n\r\n"
mark text C
wait 3590
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
sessions 1
