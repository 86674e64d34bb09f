# A server that splits, and QUIT sent with the content's end: the replies to hidden commands are not
# taken for the one to QUIT.
events: reply message session
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= text\n.\r\n
C: MAIL FROM:<admin@b.example>
C: RCPT TO:<carol@b.example>
C: RCPT TO:<dan@b.example>
C: DATA
C: hidden
C: .
C: QUIT
S: 250 queued as 1
S: 250 sender ok
S: 250 recipient ok
S: 550 5.1.1 no such user
S: 354 go
S: 250 queued as 2
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 250, "to": "MAIL"}
{"type": "reply", "code": 250, "to": "RCPT"}
{"type": "reply", "code": 354, "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "reply", "code": 250, "to": null}
{"type": "reply", "code": 250, "to": null}
{"type": "reply", "code": 550, "to": null}
{"type": "reply", "code": 354, "to": null}
{"type": "reply", "code": 250, "to": null}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 1, "outcome": "accepted", "reply": {"text": "queued as 1"}}
{"type": "finding", "id": "smtp.smuggling", "message": 1,
 "detail": {"grade": "split", "look_alike": "LF . CRLF", "rcpt": ["carol@b.example", "dan@b.example"],
            "hidden_accepted": true, "hidden_commands": 5, "extra_replies": 5}}
{"type": "session", "state": "complete"}
