# Of a refusal no more than its digits came, and of another a text like a code: neither is a reply, for it could go on.
events: message reply

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S= 550
S!= -no\r\n550 such user\r\n
C: RCPT TO:<carol@b.example>
S= 25
S!= 0 ok\r\n
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "rcpt": [{"address": "bob@b.example", "code": null},
 {"address": "carol@b.example", "code": null}], "outcome": "accepted", "stage": "end"}
{"type": "reply", "code": 221, "to": "QUIT"}
M1: x
