# The reply to EHLO is cut: what it offers is not all known, so nobody says that STARTTLS was not.
events: reply message session
findings: tls.not-offered tls.not-used

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S= 250-mx.b.example\r\n250-PIPELINING\r\n250-AUTH PLAIN LOG
S!= IN\r\n250-STARTTLS\r\n250 DSN\r\n
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
{"type": "reply", "code": 250, "lines": ["mx.b.example", "PIPELINING", "AUTH PLAIN LOG"],
 "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "extensions": ["PIPELINING", "AUTH PLAIN"]}
M1: x
