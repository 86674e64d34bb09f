# What of the server's offer the client used, and what it used without an offer.
events: session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-SIZE 1000
S: 250-8bitmime
S: 250-AUTH=LOGIN PLAIN
S: 250-DSN
S: 250-HELP
S: 250 XUNKNOWN
C: MAIL FROM:<ann@a.example> SIZE=10 SMTPUTF8
S: 555 5.5.4 no
C: MAIL FROM:<ann@a.example> SIZE=10
C: RCPT TO:<bob@b.example> NOTIFY=NEVER
S: 250 ok
S: 250 ok
C: BDAT 1 LAST
C= x
S: 250 ok
C: ETRN b.example
S: 500 no
C: QUIT
S: 221 bye

{"type": "session",
 "used": ["PIPELINING", "SIZE", "CHUNKING", "DSN", "SMTPUTF8", "ETRN"],
 "not_offered": ["PIPELINING", "CHUNKING", "SMTPUTF8", "ETRN"],
 "not_used": ["8BITMIME", "AUTH"]}
