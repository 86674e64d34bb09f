# LMTP with BDAT: a reply a chunk, and behind the last a reply a recipient.
port: 24

S: 220 mx.b.example LMTP
C: LHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: RCPT TO:<carol@b.example>
S: 250 ok
C: BDAT 3
C= abc
S: 250 chunk
C: BDAT 0 LAST
S: 250 2.0.0 bob
S: 550 5.2.2 carol
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "transfer": "BDAT", "stage": "end",
 "rcpt": [{"address": "bob@b.example", "final": {"code": 250, "text": "bob"}},
          {"address": "carol@b.example", "final": {"code": 550, "enhanced": "5.2.2", "text": "carol"}}]}
M1= abc
