# The capture lacks a segment that the receiver acknowledged; long afterwards its bytes come once more.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
whole: the packets are counted

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
mark hole C
C lost "AAAA\r\n"
S
C "0123456789\r\n" times=100
S
C @hole "AAAA\r\n" wait=3
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "client", "bytes": 6}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 6, "sha256": null}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1!: AAAA
M1*100: 0123456789
bytes late 6
bucket late 1
remark late 1
