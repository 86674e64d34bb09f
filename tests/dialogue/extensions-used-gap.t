# Where lines of the offer were lost, what they offered is not known.
events: session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S= 250-mx.b.example\r\n250-S
S!: IZE 1000
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example> SIZE=10 SMTPUTF8
S: 250 ok
C: QUIT
S: 221 bye

{"type": "session", "used": ["SIZE", "SMTPUTF8"], "not_offered": [], "not_used": ["8BITMIME"]}
