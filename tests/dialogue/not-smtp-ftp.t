# FTP on port 25 is named.
events: session

S: 220 ProFTPD Server ready
C: USER ann

{"type": "session", "state": "not-smtp", "protocol": "ftp"}
