# Codes that are none, one out of range, one that changes, and a reply that is never ended.
events: session
findings: smtp.syntax
end: server fin

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 251 HELP
C: NOOP
S: 25a what
C: NOOP
S: 2
C: NOOP
S: 999 what
C: NOOP
S: 250-this
S: 250-goes on

{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "bad-code", "direction": "server", "count": 3}}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "changing-code", "direction": "server", "count": 1}}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "unfinished-reply", "direction": "server", "count": 1}}
{"type": "session", "state": "closed"}
