# Other letters, and other lines that are as long: an offer in small letters stands, and so does CHUNKING; with
# BINARYMIME it is CHUNKING that was written over.
events: command
findings: tls.stripped

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 xxxxxxxx
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-SMTPUTF8
S: 250-CHUNKING
S: 250-XXXX
S: 250-XXXXXXXXX
S: 250 XSTARTLS
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-XXXXXXXA
S: 250 starttls
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-BINARYMIME
S: 250-XXXXXXXB
S: 250 XXXC
C: XXXXXXXX
S: 500 5.5.1 unknown
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "finding", "id": "tls.stripped", "detail": {"how": "written-over", "written": "xxxxxxxx"}}
{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "XXXXXXXX"}
{"type": "finding", "id": "tls.stripped", "detail": {"how": "written-over", "written": "XXXXXXXX"}}
{"type": "command", "verb": "QUIT"}
