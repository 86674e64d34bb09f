# The capture lacks one segment, with a reply.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
C "MAIL FROM:<ann@a.example>\r\n"
S "250 ok\r\n"
C "RCPT TO:<bob@b.example>\r\n"
S lost "250 ok\r\n"
C "DATA\r\n"
S "354 go on\r\n"
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "server", "bytes": 8}}
{"type": "message", "from": "ann@a.example", "rcpt": [{"address": "bob@b.example", "code": null}], "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA
