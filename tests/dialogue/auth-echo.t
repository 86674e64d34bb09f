# A server that says a secret again: in its refusal of the login, and of a step it did not expect.
events: command reply auth
secret: Canary-9Echo

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: AUTH PLAIN AGFsaWNlAENhbmFyeS05RWNobw==
S: 535 5.7.8 failed for alice/Canary-9Echo (AGFsaWNlAENhbmFyeS05RWNobw==)
C: Q2FuYXJ5LTlFY2hv
S: 500 unrecognized: Q2FuYXJ5LTlFY2hv
C: AUTH=PLAIN AGFsaWNlAENhbmFyeS05RWNobw==
S: 501 syntax
C: PASS Canary-9Echo
S: 500 what
C: QUIT
S: 221 bye

{"type": "reply", "code": 220}
{"type": "command", "verb": "EHLO"}
{"type": "reply", "code": 250}
{"type": "command", "verb": "AUTH", "argument": "PLAIN ********"}
{"type": "reply", "code": 535, "lines": ["5.7.8 failed for alice/******** (********)"]}
{"type": "auth", "mechanism": "PLAIN", "username": "alice", "secret": "********", "outcome": "failure",
 "text": "failed for alice/******** (********)"}
{"type": "command", "verb": "********", "argument": null}
{"type": "reply", "code": 500, "lines": ["unrecognized: ********"]}
{"type": "command", "verb": "********", "argument": null}
{"type": "reply", "code": 501}
{"type": "command", "verb": "********", "argument": null}
{"type": "reply", "code": 500}
{"type": "command", "verb": "QUIT"}
{"type": "reply", "code": 221}
