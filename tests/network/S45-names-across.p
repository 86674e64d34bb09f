# One client asks for names in two sessions: they count together, once.
events: session
findings: smtp.enumeration

open
hello
C "VRFY ann\r\n"
S "252 ok\r\n"
C "VRFY bob\r\n"
S "252 ok\r\n"
bye
open 2
hello 2
C2 "VRFY carol\r\n"
S2 "252 ok\r\n"
C2 "VRFY dave\r\n"
S2 "252 ok\r\n"
bye 2

{"type": "session", "session": 1, "findings": {}}
{"type": "finding", "session": 2, "id": "smtp.enumeration", "detail": {"names": 3, "recipients": 0}}
{"type": "session", "session": 2}
