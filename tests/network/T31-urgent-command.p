# An urgent byte before each letter of DATA: a socket as it comes takes it out of the stream.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\n"
S "250 ok\r\n250 ok\r\n"
C "XDATA\r\n" urg=1
S "354 go on\r\n"
C "AAAA0\r\n.\r\n"
S "250 ok\r\n"
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\n"
S "250 ok\r\n250 ok\r\n"
C "DXATA\r\n" urg=2
S "354 go on\r\n"
C "AAAA1\r\n.\r\n"
S "250 ok\r\n"
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\n"
S "250 ok\r\n250 ok\r\n"
C "DAXTA\r\n" urg=3
S "354 go on\r\n"
C "AAAA2\r\n.\r\n"
S "250 ok\r\n"
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\n"
S "250 ok\r\n250 ok\r\n"
C "DATXA\r\n" urg=4
S "354 go on\r\n"
C "AAAA3\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.conflict"}
{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "tcp.conflict"}
{"type": "message", "index": 2, "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "tcp.conflict"}
{"type": "message", "index": 3, "outcome": "accepted", "stage": "end"}
{"type": "finding", "id": "tcp.conflict"}
{"type": "message", "index": 4, "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA0
M2: AAAA1
M3: AAAA2
M4: AAAA3
bytes urgent 4
remark urgent 4
