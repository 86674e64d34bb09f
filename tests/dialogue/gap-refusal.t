# The end of a refusal is lost, as by a snap length: its code and what is there of its text stand, and so does the verdict.
events: message reply command
findings: smtp.rejected smtp.pipelining

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S= 250 2.1.0 O
S!= k\r\n
C: RCPT TO:<bob@b.example>
S= 250 2.1.5
S!= 7 Ok\r\n
C: RCPT TO:<nobody@b.example>
S= 550 5.1.1 <nobody@b.ex
S!= ample>: no such user\r\n
C: DATA
S: 354 go
C: x
C: .
S= 250 2.0.0 Ok: queued as 4F5D
S!= 2A01\r\n
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "command", "verb": "EHLO"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "command", "verb": "MAIL", "pipelined": false}
{"type": "reply", "code": 250, "enhanced": "2.1.0", "lines": ["2.1.0 O"], "to": "MAIL"}
{"type": "command", "verb": "RCPT", "pipelined": false}
{"type": "reply", "code": 250, "enhanced": null, "lines": ["2.1.5"], "to": "RCPT"}
{"type": "command", "verb": "RCPT", "pipelined": false}
{"type": "reply", "code": 550, "enhanced": "5.1.1", "lines": ["5.1.1 <nobody@b.ex"], "to": "RCPT"}
{"type": "command", "verb": "DATA", "pipelined": false}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "enhanced": "2.0.0", "to": "data"}
{"type": "message", "index": 1, "outcome": "accepted", "stage": "end", "queue_id": null,
 "rcpt": [{"address": "bob@b.example", "code": 250, "enhanced": null, "text": "2.1.5"},
          {"address": "nobody@b.example", "code": 550, "enhanced": "5.1.1",
           "text": "<nobody@b.ex"}]}
{"type": "finding", "id": "smtp.rejected"}
{"type": "command", "verb": "QUIT", "pipelined": false}
{"type": "reply", "code": 221, "to": "QUIT"}
M1: x
