# Two mails one after the other: the plain case.
events: message session

S: 220 mx.b.example ESMTP Postfix
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250-SIZE 10240000
S: 250 ENHANCEDSTATUSCODES
C: MAIL FROM:<ann@a.example> SIZE=100 BODY=8BITMIME
S: 250 2.1.0 Ok
C: RCPT TO:<bob@b.example>
S: 250 2.1.5 Ok
C: DATA
S: 354 End data with <CR><LF>.<CR><LF>
C: From: Ann <ann@a.example>
C: Subject: one
C:
C: Hello Bob.
C: .
S: 250 2.0.0 Ok: queued as 4F2B81C0A3
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 Ok
C: RCPT TO:<carol@b.example> NOTIFY=NEVER
S: 250 2.1.5 Ok
C: DATA
S: 354 End data with <CR><LF>.<CR><LF>
C: Subject: two
C:
C: Hello Carol.
C: .
S: 250 2.0.0 Ok: queued as 5A3C92D1B4
C: QUIT
S: 221 2.0.0 Bye

{"type": "message", "index": 1, "session": 1, "from": "ann@a.example",
 "from_params": {"SIZE": "100", "BODY": "8BITMIME"},
 "rcpt": [{"address": "bob@b.example", "params": {}, "code": 250, "enhanced": "2.1.5", "text": "Ok",
           "final": null}],
 "transfer": "DATA", "outcome": "accepted", "stage": "end",
 "reply": {"code": 250, "enhanced": "2.0.0", "text": "Ok: queued as 4F2B81C0A3"},
 "queue_id": "4F2B81C0A3", "missing_bytes": 0, "security": "none",
 "headers": {"from": ["Ann <ann@a.example>"], "to": [], "subject": "one", "date": null}}
{"type": "message", "index": 2, "session": 1, "from": "ann@a.example",
 "rcpt": [{"address": "carol@b.example", "params": {"NOTIFY": "NEVER"}, "code": 250}],
 "transfer": "DATA", "outcome": "accepted", "stage": "end", "queue_id": "5A3C92D1B4",
 "headers": {"from": [], "subject": "two"}}
{"type": "session", "session": 1, "security": "none", "decrypted": null,
 "extensions": ["PIPELINING", "SIZE 10240000", "ENHANCEDSTATUSCODES"], "state": "complete",
 "from_start": true, "client": {"name": "client.a.example", "missing_bytes": 0},
 "server": {"name": "mx.b.example", "missing_bytes": 0},
 "messages": {"accepted": 2, "rejected": 0, "deferred": 0, "incomplete": 0, "unknown": 0}}
M1: From: Ann <ann@a.example>
M1: Subject: one
M1:
M1: Hello Bob.
M2: Subject: two
M2:
M2: Hello Carol.
