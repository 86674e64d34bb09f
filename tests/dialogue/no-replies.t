# The server is there and never says a word; the client sends a whole mail at it.
events: message session

C: EHLO client.a.example
--
C: MAIL FROM:<ann@a.example>
--
C: RCPT TO:<bob@b.example>
--
C: DATA
--
C: Subject: monologue
C:
C: x
C: .

{"type": "message", "index": 1, "from": "ann@a.example", "transfer": "DATA",
 "rcpt": [{"address": "bob@b.example", "code": null}], "outcome": "incomplete", "stage": "end",
 "reply": null}
{"type": "session", "state": "closed", "messages": {"incomplete": 1}}
M1: Subject: monologue
M1:
M1: x
