# The same: each copy is counted as one. The last one comes when the session has ended.
events: session
family: 4 without the id of IPv4 a second acknowledgement may be one
whole: the packets are counted

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

{"type": "session", "state": "complete", "client": {"packets": 10}, "server": {"packets": 9}}
bucket duplicate 18
bucket after_end 1
artefact duplicate 18
sessions 1
