# BURL (RFC 4468): the server fetches content itself. What gives access to it is a secret.
events: command message
secret: 91354a473744909de610943775f92038

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250-CHUNKING
S: 250 BURL imap
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: BURL imap://ann@imap.a.example/Drafts/;uid=25627;urlauth=submit+ann:internal:91354a473744909de610943775f92038 LAST
S: 250 ok
S: 250 ok
S: 250 2.5.0 done
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: BDAT 14
C: Subject: two
C: BURL imap://ann@imap.a.example/Drafts/;uid=1;URLAUTH=91354a473744909de610943775f92038
C: BDAT 3 LAST
C= abc
S*4: 250 ok
S: 554 5.6.6 no such URL
S: 554 5.6.6 done
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "BURL",
 "argument": "imap://ann@imap.a.example/Drafts/;uid=25627;urlauth=submit+ann:internal:******** LAST"}
{"type": "message", "index": 1, "transfer": "BDAT", "outcome": "accepted", "stage": "end", "size": 0,
 "sha256": null, "reply": {"text": "done"},
 "fetched": ["imap://ann@imap.a.example/Drafts/;uid=25627;urlauth=submit+ann:internal:********"]}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "RCPT"}
{"type": "command", "verb": "BDAT"}
{"type": "command", "verb": "BURL",
 "argument": "imap://ann@imap.a.example/Drafts/;uid=1;URLAUTH=********"}
{"type": "command", "verb": "BDAT"}
{"type": "message", "index": 2, "transfer": "BDAT", "outcome": "rejected", "size": 17,
 "sha256": null, "fetched": ["imap://ann@imap.a.example/Drafts/;uid=1;URLAUTH=********"]}
{"type": "command", "verb": "QUIT"}
