# The capture lacks the final dot: the reply tells that the mail had ended, and the next one is whole.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAA"
C lost "A\r\n.\r\n"
S "250 ok\r\n"
mail
C "BBBB\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "client", "bytes": 6}}
{"type": "message", "index": 1, "outcome": "accepted", "sha256": null}
{"type": "message", "index": 2, "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "messages": {"accepted": 2}}
M2: BBBB
