# The client goes on in the clear behind the 220 to STARTTLS. A byte of its mail that TLS begins with
# as well, at a segment's start, is a byte of its mail.
events: message session
findings: tls.injection tls.not-begun

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-STARTTLS
S: 250 CHUNKING
C: STARTTLS
S: 220 2.0.0 go ahead
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= one
--
C: \x16\x03\x01 two
C: .
S: 250 done
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 9 LAST
C= \x16\x03\x01 three
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "transfer": "DATA"}
{"type": "message", "index": 2, "outcome": "accepted", "stage": "end", "transfer": "BDAT"}
{"type": "finding", "id": "tls.not-begun", "severity": "low"}
{"type": "session", "state": "complete", "security": "none"}
M1: one\x16\x03\x01 two
M2= \x16\x03\x01 three
