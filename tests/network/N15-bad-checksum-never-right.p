# The same, and no other reading ever comes: a wrong checksum alone is no reason to drop bytes.
events: message session command

open
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
C "QUIT\r\n" aside bad-checksum
wait 2

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "DATA"}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "command", "verb": "QUIT"}
{"type": "session", "state": "open"}
M1: AAAA
bytes not_taken 0
remark bad-checksum 1
artefact bad_checksum 1
