# Parameters of RCPT, taken apart.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example> NOTIFY=SUCCESS,FAILURE ORCPT=RFC822;bob+2Bx@b.example
S: 250 ok
C: RCPT TO:<carol@b.example> notify=never RRVS=2014-04-03T23:01:00Z;C
S: 250 ok
C: RCPT TO:<dave@b.example> NOTIFY=OFTEN ORCPT=dave@b.example
S: 501 5.5.4 no
C: RCPT TO:<eve@b.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1,
 "rcpt": [{"address": "bob@b.example",
           "params": {"NOTIFY": "SUCCESS,FAILURE", "ORCPT": "RFC822;bob+2Bx@b.example"},
           "requested": {"notify": ["success", "failure"], "orcpt_type": "rfc822",
                         "orcpt": "bob+x@b.example", "rrvs": null}},
          {"address": "carol@b.example",
           "requested": {"notify": ["never"], "orcpt": null,
                         "rrvs": "2014-04-03T23:01:00.000000000Z"}},
          {"address": "dave@b.example",
           "requested": {"notify": [], "orcpt_type": null, "orcpt": null, "rrvs": null}},
          {"address": "eve@b.example", "requested": null}]}
