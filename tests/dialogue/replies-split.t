# Replies cut in the middle of a code, a line, a line end.
events: reply

S= 2
--
S= 20 mx.b.exam
--
S= ple ESMTP\r
--
S= \n
C: EHLO client.a.example
S= 250-mx.b.example\r\n25
--
S= 0
--
S=  HELP\r\n
C: QUIT
S= 221
--
S=  \r\n

{"type": "reply", "code": 220, "lines": ["mx.b.example ESMTP"], "to": "banner"}
{"type": "reply", "code": 250, "lines": ["mx.b.example", "HELP"], "to": "EHLO"}
{"type": "reply", "code": 221, "lines": [""], "to": "QUIT"}
