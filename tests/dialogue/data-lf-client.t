# A client that ends all its lines with LF, and a server that takes LF . LF for the end: its 250 is the
# reply to the content, so the mail was accepted.
events: message session

S: 220 mx.b.example ESMTP
C= HELO client.a.example\n
S: 250 mx.b.example
C= MAIL FROM:<ann@a.example>\n
S: 250 2.1.0 Ok
C= RCPT TO:<bob@b.example>\n
S: 250 2.1.5 Ok
C= DATA\n
S: 354 go
C= Subject: unix\n\nHello.\n
--
C= .\n
S: 250 2.0.0 Ok: queued as 4F2B81C0A3
C= QUIT\n
S: 221 2.0.0 Bye

{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "DATA", "outcome": "accepted",
 "stage": "end", "reply": {"code": 250}, "queue_id": "4F2B81C0A3"}
{"type": "session", "messages": {"accepted": 1, "incomplete": 0}}
