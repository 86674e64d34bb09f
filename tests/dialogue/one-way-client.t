# The client's direction alone: envelope and content are known, what became of it is not.
captured: client
end: capture
findings: smtp.early-talker smtp.pipelining smtp.sequence

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: one
C:
C: ..x
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

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "unknown", "stage": "end",
 "rcpt": [{"address": "bob@b.example", "code": null, "text": null}], "transfer": "DATA",
 "reply": null, "missing_bytes": 0}
{"type": "message", "index": 2, "from": "dan@a.example", "outcome": "unknown", "stage": "end"}
M1: Subject: one
M1:
M1: .x
M2: y
