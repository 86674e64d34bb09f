# The server takes LF . LF for the end and answers while the client is still sending: two replies too
# many before the true end, and two behind it, the last of them when QUIT has been sent.
events: message session
findings: smtp.smuggling smtp.bare-newline

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
C= text\n.\n
C: MAIL FROM:<admin@b.example>
S: 250 queued as 1
S: 250 sender ok
C: RCPT TO:<carol@b.example>
C: DATA
C: hidden
S: 250 recipient ok
S: 354 go
C: .
C: QUIT
S: 250 queued as 2
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end",
 "reply": {"code": 250, "text": "queued as 1"}}
{"type": "finding", "id": "smtp.bare-newline", "message": 1, "detail": {"where": "content", "bare_lf": 2, "look_alikes": 0}}
{"type": "finding", "id": "smtp.smuggling", "message": 1, "severity": "high",
 "detail": {"grade": "split", "from": "admin@b.example", "rcpt": ["carol@b.example"], "hidden_accepted": true,
            "extra_replies": 4, "extra_codes": [250, 250, 354, 250]}}
{"type": "session", "state": "complete", "messages": {"accepted": 1}}
M1= text\n.\n
M1: MAIL FROM:<admin@b.example>
M1: RCPT TO:<carol@b.example>
M1: DATA
M1: hidden
