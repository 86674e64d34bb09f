# A snap length of 96: the headers are there, and what is cut off the payloads is a hole of that cause.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
whole: the cut is in a segment

set C cut=42
set S cut=42

open
hello
mail
C "Subject: x\r\n\r\n0123456789012345678901234567890123456789012345678901234567890\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap"}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 35, "sha256": null, "headers": {"subject": "x"}}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1= 0123456789012345678901234567
M1!: 012345678901234567890123456789012
artefact snap_length 1
remark cut 1
