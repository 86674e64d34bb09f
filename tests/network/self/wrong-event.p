# The runner must say no: the session is complete.
events: session
open
hello
bye
{"type": "session", "state": "reset"}
