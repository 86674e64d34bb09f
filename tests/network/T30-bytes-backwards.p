# A hundred thousand bytes, each in a packet of its own, the last one first.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
once: so many packets

C SYN mss=1460 wscale=7
S SYN ACK mss=1460 wscale=7
C
hello
mail
C "Subject: x\r\n\r\n"
mark text C
reverse
C "0123456789012345678\r\n"*4762 seg=1
end
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1*4762: 0123456789012345678
sessions 1
