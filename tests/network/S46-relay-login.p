# A client that has logged in may send where others may not.
events: session message
findings: smtp.relay

open
hello
C "MAIL FROM:<eve@a.example>\r\n"
S "250 ok\r\n"
C "RCPT TO:<bob@c.example>\r\n"
S "554 5.7.1 Relay access denied\r\n"
bye
open 2
hello 2
C2 "AUTH PLAIN AGFubgBzZWNyZXQ=\r\n"
S2 "235 ok\r\n"
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
{"type": "session", "session": 2}
M2001: x
