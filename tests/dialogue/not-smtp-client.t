# A browser speaks to a mail server: it gets replies, and the session is one of SMTP.
events: message session

S: 220 mx.b.example ESMTP
C: GET / HTTP/1.1
C: Host: b.example
S: 502 5.5.2 unknown command
S: 502 5.5.2 unknown command
C: QUIT
S: 221 bye

{"type": "session", "state": "complete", "server": {"name": "mx.b.example"}}
