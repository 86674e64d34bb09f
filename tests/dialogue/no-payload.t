# A connection without a word is a session.
events: session

{"type": "session", "state": "closed", "client": {"name": null, "bytes": 0},
 "server": {"name": null, "bytes": 0}, "security": "none", "messages": {"accepted": 0}}
