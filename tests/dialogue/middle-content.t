# The capture begins inside a mail's content: the next mail is whole and has nothing of it.
events: message session
start: middle

C= of a line\r\n
C: QUIT is not meant here.
C: another line
C: .
S: 250 2.0.0 Ok: queued as 4F2B81C0A3
C: MAIL FROM:<dan@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<carol@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: Subject: whole
C:
C: y
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "dan@a.example", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "carol@b.example", "code": 250}], "missing_bytes": 0}
{"type": "session", "state": "complete", "from_start": false, "messages": {"accepted": 1}}
M1: Subject: whole
M1:
M1: y
