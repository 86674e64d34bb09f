# A mail without a byte of content: the CRLF of DATA is the one before the final dot.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: .
S: 250 done
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C:
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "size": 0,
 "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "missing_bytes": 0}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "accepted", "size": 2}
M2:
