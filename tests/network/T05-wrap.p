# The sequence numbers wrap at each of twenty bytes within a mail, packets out of order around it.
events: message session
findings: tcp.conflict tcp.gap tcp.reset
wrap: 70

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "one\r\n"
C @+5 "three\r\n"
C @text+5 "two\r\n"
C @text "one\r\ntwo\r\n" wait=0.3
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: one
M1: two
M1: three
bytes retransmitted 10
