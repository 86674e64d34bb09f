# Bytes before the number of the SYN.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
C @-10 "XXXXX"
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA
bytes before_start 5
bucket before_start 1
remark before-start 1
