# An urgent byte before each byte of the end of the content.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n"
S "250 ok\r\n250 ok\r\n354 go on\r\n"
C "AAAA0X\r\n.\r\n" urg=6
S "250 ok\r\n"
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n"
S "250 ok\r\n250 ok\r\n354 go on\r\n"
C "AAAA1\rX\n.\r\n" urg=7
S "250 ok\r\n"
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n"
S "250 ok\r\n250 ok\r\n354 go on\r\n"
C "AAAA2\r\nX.\r\n" urg=8
S "250 ok\r\n"
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n"
S "250 ok\r\n250 ok\r\n354 go on\r\n"
C "AAAA3\r\n.X\r\n" urg=9
S "250 ok\r\n"
C "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n"
S "250 ok\r\n250 ok\r\n354 go on\r\n"
C "AAAA4\r\n.\rX\n" urg=10
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
{"type": "finding", "id": "tcp.conflict"}
{"type": "message", "index": 5, "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA0
M2: AAAA1
M3: AAAA2
M4: AAAA3
M5: AAAA4
bytes urgent 5
remark urgent 5
