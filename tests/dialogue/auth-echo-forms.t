# A server that says a secret again in other forms than it was sent in; one of three bytes is masked where it is a word.
events: reply auth
secret: Canary-9Echo

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH PLAIN AGFubgBDYW5hcnktOUVjaG8=
S: 535-5.7.8 hex 43616e6172792d394563686f or 7843616E6172792D394563686F
S: 535 5.7.8 base64 eW91IHNhaWQgQ2FuYXJ5LTlFY2hv
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: YW5u
S: 334 cGFzc3dvcmQgb2YgYW5u
C: eDdx
S: 535 not 'x7q', ann: x7qq is another
C: QUIT
S: 221 bye

{"type": "reply", "code": 220}
{"type": "reply", "code": 250}
{"type": "reply", "code": 535, "lines": ["5.7.8 hex ******** or ********", "5.7.8 base64 ********"]}
{"type": "auth", "mechanism": "PLAIN", "outcome": "failure"}
{"type": "reply", "code": 334}
{"type": "reply", "code": 334, "lines": ["cGFzc3dvcmQgb2YgYW5u"]}
{"type": "reply", "code": 535, "lines": ["not '********', ann: x7qq is another"]}
{"type": "auth", "mechanism": "LOGIN", "username": "ann", "outcome": "failure"}
{"type": "reply", "code": 221}
