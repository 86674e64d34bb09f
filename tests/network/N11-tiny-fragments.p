# Fragments of 8 bytes: the first splits the TCP header.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

set C frag=8
open
hello
mail
C "Subject: x\r\n\r\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
artefact fragment_tiny +
bucket fragment +
sessions 1
