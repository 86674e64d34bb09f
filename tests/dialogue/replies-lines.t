# Replies of several lines: texts joined by LF, lines as they were, codes that change on the way.
events: reply message

S: 220-mx.b.example ESMTP
S: 220-no spam
S: 220 please
C: EHLO client.a.example
S: 250-mx.b.example hello
S: 250-SIZE 1000
S: 250 HELP
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 550-5.7.1 not from here
S: 550-5.7.1 see
S: 550 5.7.1 https://b.example/help
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "to": "banner",
 "lines": ["mx.b.example ESMTP", "no spam", "please"]}
{"type": "reply", "code": 250, "to": "EHLO", "lines": ["mx.b.example hello", "SIZE 1000", "HELP"]}
{"type": "reply", "code": 250, "enhanced": "2.1.0", "to": "MAIL"}
{"type": "reply", "code": 550, "enhanced": "5.7.1", "to": "RCPT",
 "lines": ["5.7.1 not from here", "5.7.1 see", "5.7.1 https://b.example/help"]}
{"type": "reply", "code": 221, "to": "QUIT"}
{"type": "message", "index": 1, "outcome": "rejected", "stage": "rcpt",
 "rcpt": [{"code": 550, "enhanced": "5.7.1",
           "text": "not from here\nsee\nhttps://b.example/help"}],
 "reply": {"code": 550, "enhanced": "5.7.1", "text": "not from here\nsee\nhttps://b.example/help"}}
