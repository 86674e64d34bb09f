# LMTP: after the content each accepted recipient has a reply of its own (RFC 2033 section 4.2).
events: message session
port: 24

S: 220 mx.b.example LMTP
C: LHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: RCPT TO:<nobody@b.example>
C: RCPT TO:<carol@b.example>
C: DATA
S: 250 2.1.0 ok
S: 250 2.1.5 ok
S: 550 5.1.1 no such user
S: 250 2.1.5 ok
S: 354 go
C: Subject: one
C:
C: x
C: .
S: 250 2.0.0 <bob@b.example> Saved
S: 250 2.0.0 <carol@b.example> Saved
C: MAIL FROM:<ann@a.example>
S: 250 2.1.0 ok
C: RCPT TO:<bob@b.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: y
C: .
S: 250 2.0.0 <bob@b.example> Saved again
C: QUIT
S: 221 2.0.0 bye

{"type": "message", "index": 1, "transfer": "DATA", "outcome": "accepted", "stage": "end",
 "rcpt": [{"address": "bob@b.example", "code": 250,
           "final": {"code": 250, "enhanced": "2.0.0", "text": "<bob@b.example> Saved"}},
          {"address": "nobody@b.example", "code": 550, "final": null},
          {"address": "carol@b.example", "code": 250,
           "final": {"code": 250, "enhanced": "2.0.0", "text": "<carol@b.example> Saved"}}]}
{"type": "message", "index": 2, "outcome": "accepted",
 "rcpt": [{"address": "bob@b.example", "final": {"code": 250, "text": "<bob@b.example> Saved again"}}]}
{"type": "session", "state": "complete", "client": {"name": "client.a.example"},
 "messages": {"accepted": 2}}
M1: Subject: one
M1:
M1: x
M2: y
