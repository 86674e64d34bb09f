# The server will not have this client.
events: reply session

S: 554 5.7.1 no service for you
C: QUIT
S: 221 bye

{"type": "reply", "code": 554, "enhanced": "5.7.1", "to": "banner"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "messages": {"rejected": 0}, "client": {"name": null}}
