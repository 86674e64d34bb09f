# Every packet of the client in fragments of 24 bytes, the last one first: the same events as without.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
whole: single bytes need no fragments

set C frag=24 backwards
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
artefact fragmented +
bucket fragment +
sessions 1
