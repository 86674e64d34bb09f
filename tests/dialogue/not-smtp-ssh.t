# SSH on port 25 is named.
events: session

S: SSH-2.0-OpenSSH_9.6
C: SSH-2.0-Go

{"type": "session", "state": "not-smtp", "protocol": "ssh"}
