# The connection ends inside a chunk.
events: message session
end: client reset

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 1000 LAST
C= abc

{"type": "message", "index": 1, "transfer": "BDAT", "outcome": "incomplete", "stage": "data",
 "reply": null}
{"type": "session", "state": "reset", "messages": {"accepted": 0, "incomplete": 1}}
M1= abc
