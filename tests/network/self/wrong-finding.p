# The runner must say no: there is a finding, and none is expected.
events: session
findings: tcp.gap
open
hello
C lost "NOOP\r\n"
S "250 ok\r\n"
bye
{"type": "session", "state": "complete"}
