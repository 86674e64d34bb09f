# The client goes away inside a transaction without a word.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok

{"type": "message", "index": 1, "outcome": "incomplete", "stage": "rcpt", "transfer": null,
 "reply": null}
{"type": "session", "state": "closed", "messages": {"incomplete": 1}}
