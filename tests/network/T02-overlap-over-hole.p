# Other bytes in the place of those that the receiver has, and of those that the capture lacks between
# them: what is shown is shown of both readings, up to the hole.
events: message session
findings: tcp.conflict
whole: one packet is as long as three

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
C @text "aAAA\r\nbBBB\r\ncCCC\r\n" aside
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict", "message": 1,
 "detail": {"direction": "client", "offset": 80, "bytes": 13, "taken": "AAAA\r\n", "other": "aAAA\r\n"}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 6, "sha256": null}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
M1!: BBBB
M1: CCCC
bucket conflicting 1
remark conflict 1
