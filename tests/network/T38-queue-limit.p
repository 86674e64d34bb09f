# A hole that is never filled, and more behind it than is kept: it is given up, for that reason.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
limit: reorder=65536
whole: the packets are counted

C SYN mss=1460 wscale=7
S SYN ACK mss=1460 wscale=7
C
hello
mail
C "Subject: x\r\n\r\n"
mark text C
mark hole C
C lost "A\r\n"
C "0123456789012345678901234567890123456789012345678901234567890\r\n" times=2000
S ack=hole
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "client", "bytes": 3}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 3, "sha256": null}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1!: A
M1*2000: 0123456789012345678901234567890123456789012345678901234567890
sessions 1
