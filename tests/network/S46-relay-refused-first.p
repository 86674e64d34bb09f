# The server refuses to relay in one session, and takes mail for that domain in another without a login.
events: session message
findings: smtp.relay

open
hello
C "MAIL FROM:<eve@a.example>\r\n"
S "250 ok\r\n"
C "RCPT TO:<bob@C.example>\r\n"
S "554 5.7.1 Relay access denied\r\n"
bye
open 2
hello 2
C2 "MAIL FROM:<eve@a.example>\r\n"
S2 "250 ok\r\n"
C2 "RCPT TO:<carol@c.example>\r\n"
S2 "250 ok\r\n"
C2 "DATA\r\n"
S2 "354 go\r\n"
C2 "x\r\n.\r\n"
S2 "250 ok\r\n"
bye 2

{"type": "message", "session": 1, "outcome": "rejected"}
{"type": "session", "session": 1}
{"type": "message", "session": 2, "outcome": "accepted"}
{"type": "finding", "session": 2, "id": "smtp.relay", "severity": "high", "message": 1,
 "detail": {"domain": "c.example", "server": {"port": 25}}}
{"type": "session", "session": 2}
M2001: x
