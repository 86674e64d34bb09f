# The reply to EHLO is whole, behind a banner that was cut: it does not offer STARTTLS.
events: reply message session
findings: tls.not-offered tls.not-used

S= 220 mx.b.example ESM
S!= TP\r\n
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "lines": ["mx.b.example", "PIPELINING"],
 "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "finding", "id": "tls.not-offered"}
{"type": "session", "state": "complete", "extensions": ["PIPELINING"]}
M1: x
