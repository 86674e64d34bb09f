# Commands that no RFC has, an empty line, one that the server offers, and paths as they should not be.
events: message
findings: smtp.syntax

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 XFOO
C: XFOO bar
S: 250 ok
C: GET / HTTP/1.1
S: 500 what
C:
S: 500 what
C: XBAR
S: 500 what
C: mail FROM:<ann@a.example>
S: 250 ok
C: RCPT TO: bob@b.example
S: 250 ok
C: RCPT TO: carol@b.example
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example"}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "unknown-command", "count": 2, "command": null}}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "empty-command", "count": 1}}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "no-brackets", "count": 2, "command": "RCPT"}}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "space-after-colon", "count": 2}}
