# Parameters of MAIL, taken apart: xtext undone, numbers as numbers; what cannot be is not told.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example> SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ+2B1 AUTH=ann+40a.example REQUIRETLS MT-PRIORITY=-3 BY=-120;RT HOLDFOR=86400 XFOO=1
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:<ann@a.example> AUTH=<> HOLDUNTIL=2014-04-03T23:01:00Z body=binarymime
S: 250 ok
C: RSET
S: 250 ok
C: MAIL FROM:<ann@a.example> SIZE=18446744073709551616 BODY=9BIT RET=ALL ENVID=+zz MT-PRIORITY=10 BY=1
S: 501 5.5.4 no
C: MAIL FROM:<ann@a.example> XFOO=1
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1,
 "from_params": {"SIZE": "1000", "ENVID": "QQ+2B1", "BY": "-120;RT", "XFOO": "1"},
 "requested": {"size": 1000, "body": "8BITMIME", "smtputf8": true, "ret": "hdrs", "envid": "QQ+1",
               "auth": "ann@a.example", "requiretls": true, "mt_priority": -3,
               "by": {"within": -120, "mode": "return", "trace": true}, "hold_for": 86400,
               "hold_until": null}}
{"type": "message", "index": 2,
 "requested": {"size": null, "body": "BINARYMIME", "smtputf8": false, "ret": null, "envid": null,
               "auth": "", "requiretls": false, "mt_priority": null, "by": null, "hold_for": null,
               "hold_until": "2014-04-03T23:01:00.000000000Z"}}
{"type": "message", "index": 3,
 "from_params": {"SIZE": "18446744073709551616"},
 "requested": {"size": null, "body": null, "ret": null, "envid": null, "mt_priority": null,
               "by": null}}
{"type": "message", "index": 4, "from_params": {"XFOO": "1"}, "requested": null}
