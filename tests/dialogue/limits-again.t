# LIMITS holds while it is offered: not behind an EHLO whose reply lacks it, nor for the session that
# begins anew behind XCLIENT, where nothing has been counted. Behind the last MAIL there is one too
# many.
findings: smtp.syntax

S: 220 mx.b.example ESMTP
C: EHLO proxy.example
S: 250-mx.b.example
S: 250-XCLIENT NAME ADDR
S: 250 LIMITS MAILMAX=1
C: MAIL FROM:<one@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: EHLO proxy.example
S: 250-mx.b.example
S: 250 XCLIENT NAME ADDR
C: MAIL FROM:<two@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: XCLIENT NAME=client.a.example
S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 LIMITS MAILMAX=1
C: MAIL FROM:<three@a.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:<four@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "one@a.example"}
{"type": "message", "index": 2, "from": "two@a.example"}
{"type": "message", "index": 3, "from": "three@a.example"}
{"type": "message", "index": 4, "from": "four@a.example"}
{"type": "finding", "id": "smtp.syntax", "detail": {"problem": "over-limit", "count": 1}}
