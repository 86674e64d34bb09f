# TURN and ATRN are refused by sensible servers, and the session goes on.
events: reply message

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: TURN
S: 502 5.5.1 no
C: ATRN b.example
S: 502 5.5.1 no
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 502, "to": "TURN"}
{"type": "reply", "code": 502, "to": "ATRN"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 1, "outcome": "incomplete", "stage": "mail"}
