# The capture lacks one segment, with a part of the header.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\nX-O"
C lost "ther: y\r\nX-"
C "More: z\r\n\r\nAAAA\r\n"
S
wait 2
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "client", "bytes": 11}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 11, "sha256": null, "headers": {"subject": "x"}}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1= X-O
M1!= ther: y\r\nX-
M1: More: z
M1:
M1: AAAA
