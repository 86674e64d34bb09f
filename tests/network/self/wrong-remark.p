# The runner must say no: there is no such remark.
events: session
open
hello
bye
{"type": "session", "state": "complete"}
remark conflict +
