# An address that is not UTF-8: the text is repaired, its bytes are beside it.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<m\xfcller@a.example>
S: 250 ok
C: RCPT TO:<m\xc3\xbcller@b.example>
S: 250 ok
C: RSET
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "m\ufffdller@a.example",
 "from_b64": "bfxsbGVyQGEuZXhhbXBsZQ==", "rcpt": [{"address": "müller@b.example"}],
 "outcome": "incomplete", "stage": "rcpt"}
