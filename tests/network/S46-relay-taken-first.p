# The same in the other order; mail for the server's own domain, which nobody is refused, is none.
events: session message
findings: smtp.relay

open
hello
C "MAIL FROM:<eve@a.example>\r\n"
S "250 ok\r\n"
C "RCPT TO:<carol@c.example>\r\n"
S "250 ok\r\n"
C "RCPT TO:<bob@b.example>\r\n"
S "250 ok\r\n"
C "DATA\r\n"
S "354 go\r\n"
C "x\r\n.\r\n"
S "250 ok\r\n"
bye
open 2
hello 2
C2 "MAIL FROM:<eve@a.example>\r\n"
S2 "250 ok\r\n"
C2 "RCPT TO:<bob@c.example>\r\n"
S2 "554 5.7.1 Relay access denied\r\n"
C2 "RCPT TO:<nobody@b.example>\r\n"
S2 "550 5.1.1 no such user\r\n"
bye 2

{"type": "message", "session": 1, "outcome": "accepted"}
{"type": "session", "session": 1}
{"type": "message", "session": 2, "outcome": "rejected"}
{"type": "finding", "session": 2, "id": "smtp.relay", "message": null,
 "detail": {"domain": "c.example", "server": {"port": 25}}}
{"type": "session", "session": 2}
M1001: x
