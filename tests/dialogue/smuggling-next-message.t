# What is hidden in the first message does not touch the second, whose content is clean.
events: message session
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= text\r\n\0.\r\n
C: MAIL FROM:<admin@b.example>
C: .
S: 250 queued as 1
S: 250 ok
S: 500 what
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: clean
C: .
S: 250 queued as 2
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "finding", "id": "smtp.smuggling", "message": 1,
 "detail": {"grade": "split", "look_alike": "CRLF NUL . CRLF", "extra_codes": [250, 500],
            "hidden_accepted": false, "hidden_size": null}}
{"type": "message", "index": 2, "outcome": "accepted", "reply": {"text": "queued as 2"}}
{"type": "session", "state": "complete", "messages": {"accepted": 2}}
M2: clean
