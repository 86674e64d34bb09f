# The runner must say no: the content is another.
open
hello
mail
C "AAAA\r\n.\r\n"
S "250 ok\r\n"
bye
{"type": "message", "outcome": "accepted"}
M1: AAAB
