# Addresses that ask a server to pass mail on, in the forms of old: each is read, and none is taken for
# mail that was relayed, for what they name is this server's domain or was refused.
findings: smtp.relay

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<eve@a.example>
S: 250 ok
C: RCPT TO:<eve%c.example@b.example>
S: 250 ok
C: RCPT TO:<c.example!eve@b.example>
S: 550 5.7.1 relaying denied
C: RCPT TO:<@b.example,@c.example:eve@d.example>
S: 550 5.7.1 relaying denied
C: RCPT TO:<"eve@c.example"@b.example>
S: 550 5.7.1 relaying denied
C: RCPT TO:<eve@[192.0.2.99]>
S: 550 5.7.1 relaying denied
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted",
 "rcpt": [{"address": "eve%c.example@b.example", "code": 250},
          {"address": "c.example!eve@b.example", "code": 550},
          {"address": "@b.example,@c.example:eve@d.example", "code": 550},
          {"address": "\"eve@c.example\"@b.example", "code": 550},
          {"address": "eve@[192.0.2.99]", "code": 550}]}
M1: x
