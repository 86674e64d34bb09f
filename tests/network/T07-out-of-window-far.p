# Bytes 2^31 ahead: they are before the stream as much as behind it.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "BBBB" seq=0x80000000
C "BBBB" seq=0x7fffffff
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
