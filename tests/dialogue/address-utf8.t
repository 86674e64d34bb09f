# Addresses in UTF-8 (RFC 6531), mixed scripts, bytes that are not UTF-8: as they were written.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-8BITMIME
S: 250 SMTPUTF8
C: MAIL FROM:<gr\xc3\xbc\xc3\x9fe@\xe4\xbe\x8b.example> SMTPUTF8
S: 250 ok
C: RCPT TO:<p\xd0\xb0ul@b.example>
S: 250 ok
C: RCPT TO:<\xff\xfe@b.example> ORCPT=utf-8;\xc3\xa9@b.example
S: 553 5.6.7 no
C: RCPT TO:<"\xc3\xa9 x"@b.example>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "from": "grüße@例.example", "requested": {"smtputf8": true},
 "rcpt": [{"address": "pаul@b.example", "form": "plain"},
          {"address": "��@b.example", "address_b64": "//5AYi5leGFtcGxl", "form": "plain",
           "requested": {"orcpt_type": "utf-8", "orcpt": "é@b.example"}},
          {"address": "\"é x\"@b.example", "form": "quoted"}]}
