# The runner must say no: this many bytes are not in the bucket.
events: session
open
hello
bye
{"type": "session", "state": "complete"}
bytes delivered 7
