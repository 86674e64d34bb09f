# Without a reply to EHLO nobody knows what was offered: nothing is called not offered.
events: session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 SIZE 1000
C: HELO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example> BODY=8BITMIME
C: RCPT TO:<bob@b.example>
S: 250 ok
S: 250 ok
C: QUIT
S: 221 bye

{"type": "session", "extensions": ["SIZE 1000"], "used": ["PIPELINING", "8BITMIME"],
 "not_offered": [], "not_used": ["SIZE"]}
