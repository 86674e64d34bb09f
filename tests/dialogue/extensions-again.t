# The second EHLO reply counts, and a refused one does not.
events: session

S: 220 mx.b.example ESMTP Exim 4.96
C: EHLO one.a.example
S: 250-mx.b.example Hello
S: 250-SIZE 52428800
S: 250-AUTH PLAIN LOGIN
S: 250 STARTTLS
C: EHLO two.a.example
S: 250-mx.b.example Hello
S: 250 8BITMIME
C: EHLO three.a.example
S: 501 no
C: QUIT
S: 221 bye

{"type": "session", "extensions": ["8BITMIME"],
 "server": {"name": "mx.b.example"}, "state": "complete"}
