# The capture lacks the 354: what the client sends tells that it was one.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
C "MAIL FROM:<ann@a.example>\r\n"
S "250 ok\r\n"
C "RCPT TO:<bob@b.example>\r\n"
S "250 ok\r\n"
C "DATA\r\n"
S lost "354 go on\r\n"
C "Subject: x\r\n\r\nAAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "server", "bytes": 11}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
