# A hole over the end of one mail and the start of the next: the second's envelope is not known, its
# content is whole, and so is the third.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C= Subject: one\r\n\r\nfirst
C!= \r\n.\r\nMAIL FROM:<dan@a.example>\r\nRCPT TO:<carol@b.example>\r\nDA
C= TA\r\n
S: 250 first done
S: 250 ok
S: 250 ok
S: 354 go
C: Subject: two
C:
C: second
C: .
S: 250 second done
C: MAIL FROM:<eve@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: third
C: .
S: 250 third done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "accepted", "sha256": null}
{"type": "message", "index": 2, "from": null, "rcpt": [], "transfer": "DATA", "outcome": "accepted",
 "stage": "end", "reply": {"text": "second done"}, "headers": {"subject": "two"}}
{"type": "message", "index": 3, "from": "eve@a.example", "outcome": "accepted", "stage": "end",
 "reply": {"text": "third done"}}
{"type": "session", "state": "complete", "client": {"missing_bytes": 61}}
M2: Subject: two
M2:
M2: second
M3: third
