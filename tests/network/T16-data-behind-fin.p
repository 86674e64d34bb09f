# Bytes behind a FIN that the receiver has acknowledged: nobody reads them.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
C "QUIT\r\n"
S "221 bye\r\n"
C FIN
S
C "XXXX" aside
S FIN
C

{"type": "session", "state": "complete", "from_start": true}
bytes after_fin 4
remark after-fin 1
