# Challenge and response: RFC 2831's and RFC 5802's own examples, and a saslname with an escaped comma.
events: auth
findings: auth.weak auth.failure
secret: d388dad90d4bbd760a152321f2143af7
secret: v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH DIGEST-MD5
S: 334 cmVhbG09ImVsd29vZC5pbm5vc29mdC5jb20iLG5vbmNlPSJPQTZNRzl0RVFHbTJoaCIscW9wPSJhdXRoIixhbGdvcml0aG09bWQ1LXNlc3MsY2hhcnNldD11dGYtOA==
C: Y2hhcnNldD11dGYtOCx1c2VybmFtZT0iY2hyaXMiLHJlYWxtPSJlbHdvb2QuaW5ub3NvZnQuY29tIixub25jZT0iT0E2TUc5dEVRR20yaGgiLG5jPTAwMDAwMDAxLGNub25jZT0iT0E2TUhYaDZWcVRyUmsiLGRpZ2VzdC11cmk9ImltYXAvZWx3b29kLmlubm9zb2Z0LmNvbSIscmVzcG9uc2U9ZDM4OGRhZDkwZDRiYmQ3NjBhMTUyMzIxZjIxNDNhZjcscW9wPWF1dGg=
S: 334 cnNwYXV0aD1lYTQwZjYwMzM1YzQyN2I1NTI3Yjg0ZGJhYmNkZmZmZA==
C:
S: 235 2.7.0 ok
C: RSET
S: 250 ok
C: AUTH SCRAM-SHA-1 bixhPXJvb3Qsbj11cz0yQ2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
S: 334 cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==
C: Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9djBYOHYzQnoyVDBDSkdiSlF5RjBYK0hJNFRzPQ==
S: 535 5.7.8 no
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "DIGEST-MD5", "username": "chris", "realm": "elwood.innosoft.com",
 "secret": "********", "secret_kind": "hash", "steps": 2,
 "challenge": "realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\",algorithm=md5-sess,charset=utf-8",
 "outcome": "success"}
{"type": "finding", "id": "auth.weak", "severity": "medium"}
{"type": "auth", "mechanism": "SCRAM-SHA-1", "username": "us,er", "authzid": "root", "secret": "********",
 "secret_kind": "hash", "challenge": "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
 "outcome": "failure", "code": 535}
{"type": "finding", "id": "auth.failure", "severity": "low"}
