# The verbs that do nothing to a transaction.
events: command reply
findings: smtp.enumeration

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: VRFY bob
S: 252 2.5.2 cannot say
C: EXPN staff
S: 250-2.1.5 Ann <ann@b.example>
S: 250 2.1.5 Bob <bob@b.example>
C: HELP
S: 214-2.0.0 This server
S: 214-2.0.0
S: 214 2.0.0 End of HELP info
C: HELP VRFY
S: 214 ok
C: NOOP something
S: 250
C: ETRN b.example
S: 458 nothing queued
C: QUIT
S: 221 bye

{"type": "reply", "code": 220, "enhanced": null, "lines": ["mx.b.example ESMTP"], "to": "banner"}
{"type": "command", "verb": "EHLO", "argument": "client.a.example"}
{"type": "reply", "code": 250, "lines": ["mx.b.example"], "to": "EHLO"}
{"type": "command", "verb": "VRFY", "argument": "bob"}
{"type": "reply", "code": 252, "enhanced": "2.5.2", "lines": ["2.5.2 cannot say"], "to": "VRFY"}
{"type": "command", "verb": "EXPN", "argument": "staff"}
{"type": "reply", "code": 250, "enhanced": "2.1.5", "to": "EXPN",
 "lines": ["2.1.5 Ann <ann@b.example>", "2.1.5 Bob <bob@b.example>"]}
{"type": "command", "verb": "HELP"}
{"type": "reply", "code": 214, "enhanced": "2.0.0", "to": "HELP",
 "lines": ["2.0.0 This server", "2.0.0", "2.0.0 End of HELP info"]}
{"type": "command", "verb": "HELP", "argument": "VRFY"}
{"type": "reply", "code": 214, "enhanced": null, "lines": ["ok"], "to": "HELP"}
{"type": "command", "verb": "NOOP", "argument": "something"}
{"type": "reply", "code": 250, "lines": [""], "to": "NOOP"}
{"type": "command", "verb": "ETRN", "argument": "b.example"}
{"type": "reply", "code": 458, "lines": ["nothing queued"], "to": "ETRN"}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221, "to": "QUIT"}
