# The capture began in the middle: how the windows are scaled is not known, so nothing is behind one.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

mail
S win=10
C "AAAAAAAAAAAAAAAAAAAAAAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "from_start": false, "state": "complete", "messages": {"accepted": 1}}
M1: AAAAAAAAAAAAAAAAAAAAAAAA
remark out-of-window 0
remark window-unknown +
