# XFORWARD adds up over several commands, a later value counts, and xtext is undone.

S: 220 mx.b.example ESMTP
C: EHLO proxy.a.example
S: 250-mx.b.example
S: 250 XFORWARD NAME ADDR HELO SOURCE
C: XFORWARD NAME=client.a.example ADDR=192.0.2.9
S: 250 ok
C: XFORWARD HELO=a+2Bb SOURCE=[UNAVAILABLE] addr=192.0.2.10 IDENT=+zz
S: 250 ok
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1,
 "xforward": {"NAME": "client.a.example", "ADDR": "192.0.2.10", "HELO": "a+b",
              "SOURCE": "[UNAVAILABLE]", "IDENT": "+zz"}}
