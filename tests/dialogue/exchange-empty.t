# XEXCH50 of no bytes, whose reply is not captured: there is nothing between it and the next command,
# though that is one that nobody knows.
captured: client
end: capture
events: command

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: XEXCH50 0 2
S: 354 Send binary data
C: x-no-command
S: 500 what
C: RCPT TO:<bob@b.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "XEXCH50"}
{"type": "command", "verb": "X-NO-COMMAND"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "QUIT"}
