# LMTP: the server gives up amid the replies to the content.
events: message reply session
port: 24
ports: all
end: server fin

S: 220 mx.b.example LMTP
C: LHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RCPT TO:<carol@b.example>
S: 250 ok
C: RCPT TO:<dave@b.example>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 2.0.0 saved
S: 421 4.3.0 going down

{"type": "reply", "to": "banner"}
{"type": "reply", "to": "LHLO"}
{"type": "reply", "to": "MAIL"}
{"type": "reply", "to": "RCPT"}
{"type": "reply", "to": "RCPT"}
{"type": "reply", "to": "RCPT"}
{"type": "reply", "to": "DATA"}
{"type": "reply", "code": 250, "to": "data"}
{"type": "reply", "code": 421, "to": "data"}
{"type": "message", "index": 1, "stage": "end",
 "rcpt": [{"address": "bob@b.example", "final": {"code": 250}},
          {"address": "carol@b.example", "final": {"code": 421}},
          {"address": "dave@b.example", "final": null}]}
{"type": "session", "state": "closed"}
M1: x
