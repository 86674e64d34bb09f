# BDAT 0 LAST ends a mail, and the next line is a command.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 3
C= abc
S: 250 ok
C: BDAT 0 LAST
S: 250 done
C: MAIL FROM:<dan@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 0 LAST
S: 250 empty
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "BDAT", "outcome": "accepted",
 "reply": {"text": "done"}}
{"type": "message", "index": 2, "from": "dan@a.example", "transfer": "BDAT", "outcome": "accepted",
 "size": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
M1= abc
