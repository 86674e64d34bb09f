# POP3 on port 25 is named.
events: session

S: +OK POP3 ready
C: QUIT

{"type": "session", "state": "not-smtp", "protocol": "pop3"}
