# A client that waits for the banner in vain, and leaves.
events: session
findings: smtp.early-talker

wait: 30
C: QUIT

{"type": "session", "server": {"name": null}}
