# Both ends send a SYN at the same time.
# The port does not tell who is who.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
port: 30000
ports: all

C SYN mss=1460
S SYN mss=1460
C SYN ACK mss=1460
S SYN ACK mss=1460
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"name": "a"}, "server": {"name": "b", "port": 30000}}
M1: AAAA
remark split-handshake +
sessions 1
