# Every packet captured twice, behind a router and in another VLAN: it was sent once.
events: message session
findings: tcp.conflict tcp.gap tcp.reset tcp.loss

C SYN mss=1460
again vlan=7 ttl=63
S SYN ACK mss=1460
again vlan=7 ttl=63
C ACK
again vlan=7 ttl=63
S "220 b\r\n"
again vlan=7 ttl=63
C "EHLO a\r\n"
again vlan=7 ttl=63
S "250 b\r\n"
again vlan=7 ttl=63
C "MAIL FROM:<ann@a.example>\r\n"
again vlan=7 ttl=63
S "250 ok\r\n"
again vlan=7 ttl=63
C "RCPT TO:<bob@b.example>\r\n"
again vlan=7 ttl=63
S "250 ok\r\n"
again vlan=7 ttl=63
C "DATA\r\n"
again vlan=7 ttl=63
S "354 go on\r\n"
again vlan=7 ttl=63
C "AAAA\r\n.\r\n"
again vlan=7 ttl=63
S "250 ok\r\n"
again vlan=7 ttl=63
C "QUIT\r\n"
again vlan=7 ttl=63
S "221 bye\r\n"
again vlan=7 ttl=63
C FIN
again vlan=7 ttl=63
S FIN
again vlan=7 ttl=63
C
again vlan=7 ttl=63

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"retransmitted_bytes": 0}}
M1: AAAA
bytes retransmitted 0
remark duplicate +
artefact duplicate +
sessions 1
