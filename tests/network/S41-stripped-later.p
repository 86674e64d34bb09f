# The server offers STARTTLS in one session and not in the next: somebody took it out there.
events: session
findings: tls.stripped

open
C
S "220 mx.b.example ESMTP\r\n"
C "EHLO a.example\r\n"
S "250-mx.b.example\r\n250-STARTTLS\r\n250 SIZE\r\n"
bye
open 2
C2
S2 "220 mx.b.example ESMTP\r\n"
C2 "EHLO a.example\r\n"
S2 "250-mx.b.example\r\n250 SIZE\r\n"
C2 "MAIL FROM:<ann@a.example>\r\n"
S2 "250 ok\r\n"
bye 2

{"type": "session", "session": 1}
{"type": "finding", "session": 2, "id": "tls.stripped", "severity": "high",
 "detail": {"how": "left-out", "written": null, "server": {"port": 25}, "sessions": 1}}
{"type": "session", "session": 2, "findings": {"tls.stripped": 1, "tls.not-offered": 1}}
