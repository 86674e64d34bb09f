# The FIN overtakes the last bytes.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\n\r\n"
mark text C
C "AAAA\r\n"
C ".\r\n"
S "250 ok\r\n"
reverse
C "QUIT\r\n"
C FIN
end
S "221 bye\r\n"
S FIN
C

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1:
M1: AAAA
sessions 1
