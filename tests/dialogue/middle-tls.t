# The capture begins inside TLS: nothing is readable.
events: message session command reply
start: middle

C= \x17\x03\x03\x00\x0e0123456789\r\n.\r
S= \x17\x03\x03\x00\x0e0123456789\r\n.\r
C= \x17\x03\x03\x00\x0e0123456789\r\n.\r

{"type": "session", "messages": {"accepted": 0, "incomplete": 0}}
