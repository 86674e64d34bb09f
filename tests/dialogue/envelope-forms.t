# Paths in the forms that clients send: without brackets, with blanks, a source route, quoted, null.

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: MAIL FROM: <ann@a.example> ENVID=QQ314159 RET=HDRS
S: 250 ok
C: RCPT TO:bob@b.example
S: 250 ok
C: RCPT TO:<@x.example,@y.example:carol@b.example>
S: 250 ok
C: RCPT TO:<"two words>"@b.example> ORCPT=rfc822;dave@b.example NOTIFY=SUCCESS,FAILURE
S: 250 ok
C: RCPT TO:<postmaster>
S: 250 ok
C: DATA
S: 354 go
C: x
C: .
S: 250 done
C: MAIL FROM:<>
S: 250 ok
C: RSET
S: 250 ok
C: mail from:<dan@a.example> body=8bitmime
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "ann@a.example",
 "from_params": {"ENVID": "QQ314159", "RET": "HDRS"},
 "rcpt": [{"address": "bob@b.example", "params": {}},
          {"address": "@x.example,@y.example:carol@b.example"},
          {"address": "\"two words>\"@b.example",
           "params": {"ORCPT": "rfc822;dave@b.example", "NOTIFY": "SUCCESS,FAILURE"}},
          {"address": "postmaster"}],
 "outcome": "accepted"}
{"type": "message", "index": 2, "from": "", "from_params": {}, "outcome": "incomplete",
 "stage": "mail"}
{"type": "message", "index": 3, "from": "dan@a.example", "from_params": {"BODY": "8bitmime"},
 "outcome": "incomplete", "stage": "mail"}
