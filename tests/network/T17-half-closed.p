# The client closes its side, and the server's replies come for ten minutes.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n.\r\nQUIT\r\n"
C FIN
S
S "250 ok\r\n" wait=300
C
S "221 bye\r\n" wait=300
C
S FIN
C

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
