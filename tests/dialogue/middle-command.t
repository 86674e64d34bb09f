# The capture begins between two commands.
events: message session
start: middle
findings: smtp.pipelining

C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "stage": "end"}
{"type": "session", "state": "complete", "from_start": false, "client": {"name": null},
 "messages": {"accepted": 1}}
M1: x
