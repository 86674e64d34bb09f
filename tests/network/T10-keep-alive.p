# A keep-alive brings a byte of rubbish for the last one that was acknowledged.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n"
S
C @-1 "Z" wait=60
S
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
remark keep-alive 1
bytes keep_alive 1
bucket keep_alive 1
