# What counts is the offer at the time of use: behind the second EHLO there is another.
events: session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 BINARYMIME
C: MAIL FROM:<ann@a.example> BODY=BINARYMIME
S: 250 ok
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example> BODY=BINARYMIME
S: 555 no
C: MAIL FROM:<ann@a.example> BODY=8BITMIME
S: 250 ok
C: QUIT
S: 221 bye

{"type": "session", "used": ["8BITMIME", "BINARYMIME"], "not_offered": ["BINARYMIME"],
 "not_used": []}
