# Must fail: a list is longer than expected.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RCPT TO:<carol@b.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "incomplete", "rcpt": [{"address": "bob@b.example"}]}
