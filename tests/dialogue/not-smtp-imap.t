# IMAP on port 25 is named.
events: session

S: * OK IMAP4rev1 ready
C: a1 LOGOUT

{"type": "session", "state": "not-smtp", "protocol": "imap"}
