# The content was sent before the reply to DATA, and DATA is refused: what was meant as content are
# commands, each with its reply, and no mail.
events: message reply

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
C: Subject: early
C: .
C: QUIT
S: 451 4.3.0 try again
S: 500 5.5.2 unknown
S: 500 5.5.2 unknown
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "reply", "code": 451, "enhanced": "4.3.0", "to": "DATA"}
{"type": "reply", "code": 500, "enhanced": "5.5.2", "lines": ["5.5.2 unknown"]}
{"type": "reply", "code": 500}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 1, "outcome": "deferred", "stage": "data", "size": 0,
 "reply": {"code": 451, "enhanced": "4.3.0", "text": "try again"}}
