# The reply to EHLO is cut behind the offer of STARTTLS, which the client declines.
events: reply message session
findings: tls.not-offered tls.not-used

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S= 250-mx.b.example\r\n250-STARTTLS\r\n250-AU
S!= TH PLAIN\r\n250 DSN\r\n
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
{"type": "reply", "code": 250, "lines": ["mx.b.example", "STARTTLS", "AU"],
 "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "finding", "id": "tls.not-used"}
{"type": "session", "state": "complete", "extensions": ["STARTTLS"]}
M1: x
