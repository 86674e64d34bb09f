# The same, and the right bytes never come: what the receiver did not take is not read.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
C "QUIT\r\n" aside bad-checksum
wait 2

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "open"}
M1: AAAA
bytes not_taken 6
bucket not_taken 1
