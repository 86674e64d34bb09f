# Both sides do: what looks to be behind the window is inside.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

C SYN mss=1460 wscale=7
S SYN ACK mss=1460 wscale=7
C
hello
mail
S win=100
mark at C
C @at+100 "CC\r\n.\r\n"
C @at "0123456789012345678\r\n"*4
C @at+84 "01234567890123\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
remark out-of-window 0
remark window-unknown 0
