# A keep-alive whose byte of rubbish lies where the capture lacks the real one.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C lost "AAAAAAAA\r\n"
S
C @-1 "Z" wait=60
S
C "B\r\n"
wait 2
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap"}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 10}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1!: AAAAAAAA
M1: B
remark keep-alive 1
