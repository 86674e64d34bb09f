# The capture lacks one segment, with a line of the body.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n"
C lost "BBBB\r\n"
C "CCCC\r\n"
S
wait 2
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "client", "bytes": 6}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 6, "sha256": null}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
M1!: BBBB
M1: CCCC
