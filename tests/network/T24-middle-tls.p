# The capture begins inside TLS: nothing is readable, and nothing is guessed.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

C "\x17\x03\x03\0\x0e0123456789\r\n.\r"
S "\x17\x03\x03\0\x0e0123456789\r\n.\r"
C "\x17\x03\x03\0\x0e0123456789\r\n.\r"

{"type": "session", "from_start": false, "messages": {"accepted": 0, "incomplete": 0, "unknown": 0}}
remark midstream 1
sessions 1
