# One direction, and a segment with a wrong checksum: nobody would tell whether it was taken.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: x

C SYN mss=1460
S SYN ACK lost
C
S "220 m\r\n" lost
C "EHLO a\r\n"
S "250 m\r\n" lost
C "MAIL FROM:<a@a.example>\r\n"
S "250 ok\r\n" lost
C "RCPT TO:<b@b.example>\r\n"
S "250 ok\r\n" lost
C "DATA\r\n"
S "354 go\r\n" lost
C "Subject: x\r\n\r\n"
C "AAAA\r\n" bad-checksum
C "BBBB\r\n" times=300
C ".\r\n"
S "250 ok\r\n" lost
C "QUIT\r\n"
S "221 ok\r\n" lost
C FIN

{"type": "message", "outcome": "unknown", "size": 1820, "missing_bytes": 0}
{"type": "session", "state": "open", "client": {"bytes": 1891, "missing_bytes": 0}, "server": {"bytes": 0}}
