# RCPT is lost: its reply goes to no command, and the mail is whole.
events: message reply session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C!: RCPT TO:<bob@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 250, "enhanced": "2.1.0", "to": "MAIL"}
{"type": "reply", "code": 250, "enhanced": "2.1.5", "to": null}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "message", "index": 1, "from": "ann@a.example", "rcpt": [], "outcome": "accepted",
 "stage": "end", "missing_bytes": 0}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "session", "state": "complete", "messages": {"accepted": 1}}
M1: x
