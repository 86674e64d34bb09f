# The server's direction alone: its replies are known.
events: reply
captured: server
end: capture

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 2.0.0 done
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": null}
{"type": "reply", "code": 250, "enhanced": "2.1.0", "to": null}
{"type": "reply", "code": 250, "enhanced": "2.1.5", "to": null}
{"type": "reply", "code": 354, "to": null}
{"type": "reply", "code": 250, "enhanced": "2.0.0", "to": null}
{"type": "reply", "code": 221, "to": null}
