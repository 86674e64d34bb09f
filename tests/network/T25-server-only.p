# Only what the server sends was captured: its replies are known.
events: message reply
captured: server

open
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250}
{"type": "reply", "code": 250}
{"type": "reply", "code": 250}
{"type": "reply", "code": 354}
{"type": "reply", "code": 250}
{"type": "reply", "code": 221}
sessions 1
