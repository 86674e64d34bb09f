# Only one side offers to scale its window: none is scaled (RFC 7323 section 2.2).
events: message session
findings: tcp.conflict tcp.gap tcp.reset

set S win=100
C SYN mss=1460 wscale=7
S SYN ACK mss=1460
C
hello
mail
S
C @+100 "BBBB" aside
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: AAAA
remark out-of-window 1
remark window-unknown 0
