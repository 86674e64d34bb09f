# A hole in the content: the mail is marked, and what is there is kept.
events: message session
findings: tcp.gap

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: holed
C:
C: line one
C!*100= 0123456789
C= rest of a line\r\n
C: line three
C: .
S: 250 done
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: y
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "missing_bytes": 1000,
 "sha256": null, "headers": {"subject": "holed"}}
{"type": "finding", "id": "tcp.gap"}
{"type": "message", "index": 2, "outcome": "accepted", "stage": "end", "missing_bytes": 0}
{"type": "session", "state": "complete", "client": {"missing_bytes": 1000},
 "messages": {"accepted": 2}}
M1: Subject: holed
M1:
M1: line one
M1!*100= 0123456789
M1= rest of a line\r\n
M1: line three
M2: y
