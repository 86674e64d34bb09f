# Silence of more than an hour: the session has ended, and what follows is another, joined in its middle.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
wait 8000
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "session", "session": 1, "state": "timeout"}
{"type": "message", "session": 2, "outcome": "accepted", "missing_bytes": 0}
{"type": "session", "session": 2, "state": "complete", "from_start": false}
M2001: AAAA
sessions 2
