# The hole takes the final dot with it: the reply tells that the content had ended, and the next mail
# is whole.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: open end
C:
C= the last li
C!= ne\r\n.\r\n
S: 250 2.0.0 Ok: queued as 4F2B81C0A3
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

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "sha256": null,
 "size": 32, "reply": {"code": 250}, "queue_id": "4F2B81C0A3"}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "accepted", "stage": "end",
 "missing_bytes": 0}
{"type": "session", "state": "complete", "messages": {"accepted": 2}}
M2: y
