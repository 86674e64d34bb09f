# RSET, EHLO, HELO, STARTTLS and QUIT end a transaction at their replies.
events: message session

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<one@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:<two@a.example>
S: 250 ok
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<three@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: HELO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<four@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "one@a.example", "outcome": "incomplete", "stage": "rcpt",
 "transfer": null, "reply": null}
{"type": "message", "index": 2, "from": "two@a.example", "outcome": "incomplete", "stage": "mail",
 "transfer": null, "reply": null}
{"type": "message", "index": 3, "from": "three@a.example", "outcome": "incomplete",
 "stage": "rcpt", "reply": null}
{"type": "message", "index": 4, "from": "four@a.example", "outcome": "incomplete", "stage": "rcpt",
 "reply": null}
{"type": "session", "state": "complete", "messages": {"accepted": 0, "incomplete": 4}}
