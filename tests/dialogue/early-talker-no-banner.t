# The client speaks, and no banner ever comes.
events: session
findings: smtp.early-talker

C: EHLO client.a.example
wait: 30
C: QUIT

{"type": "finding", "id": "smtp.early-talker", "detail": {"command": "EHLO", "early": null, "banner": false}}
{"type": "session", "state": "closed", "server": {"name": null}}
