# What addresses look like: among them the forms that ask for relaying. They stay as written.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: RCPT TO:<bob@[192.0.2.1]>
C: RCPT TO:<bob@[IPv6:2001:db8::9]>
C: RCPT TO:<"bob@x.example"@b.example>
C: RCPT TO:<"a>b"@b.example>
C: RCPT TO:<@x.example,@y.example:bob@z.example>
C: RCPT TO:<bob%x.example@b.example>
C: RCPT TO:<bob@x.example@b.example>
C: RCPT TO:<x.example!bob>
C: RCPT TO:<Postmaster>
C: RCPT TO:<gr\xc3\xbc\xc3\x9f@b.example>
C: RCPT TO:<>
S: 250 ok
S*12: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1,
 "rcpt": [{"address": "bob@b.example", "form": "plain"},
          {"address": "bob@[192.0.2.1]", "form": "literal"},
          {"address": "bob@[IPv6:2001:db8::9]", "form": "literal"},
          {"address": "\"bob@x.example\"@b.example", "form": "quoted"},
          {"address": "\"a>b\"@b.example", "form": "quoted"},
          {"address": "@x.example,@y.example:bob@z.example", "form": "route"},
          {"address": "bob%x.example@b.example", "form": "percent"},
          {"address": "bob@x.example@b.example", "form": "percent"},
          {"address": "x.example!bob", "form": "bang"},
          {"address": "Postmaster", "form": "plain"},
          {"address": "grüß@b.example", "form": "plain"},
          {"address": "", "form": "plain"}]}
