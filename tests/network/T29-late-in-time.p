# A segment is lost on the network and comes when a hundred others have passed: the receiver waited, and so do we.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
whole: the packets are counted

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
mark hole C
C lost "AAAA\r\n"
C "0123456789\r\n" times=100 ack=+0
S ack=hole
S ack=hole
C @hole "AAAA\r\n" wait=0.3
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
M1*100: 0123456789
remark out-of-order 100
remark fills-gap 1
bytes late 0
