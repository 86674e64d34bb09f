# The connection ends before the final dot: what came is kept.
events: message session
findings: smtp.disconnect

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: half
C:
C= half a li

{"type": "message", "index": 1, "transfer": "DATA", "outcome": "incomplete", "stage": "data",
 "reply": null, "headers": {"subject": "half"}}
{"type": "finding", "id": "smtp.disconnect"}
{"type": "session", "state": "closed", "messages": {"accepted": 0, "incomplete": 1}}
M1: Subject: half
M1:
M1= half a li
