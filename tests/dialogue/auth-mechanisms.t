# CRAM-MD5 (RFC 2195's own example), XOAUTH2 with the error that asks for an empty response.
events: auth
secret: b913a602c7eda7a495b4e6e7334d3890
secret: ya29.Canary-Token

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH CRAM-MD5 XOAUTH2
C: AUTH CRAM-MD5
S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
S: 235 2.7.0 ok
C: RSET
S: 250 ok
C: AUTH XOAUTH2 dXNlcj1qb2huQGEuZXhhbXBsZQFhdXRoPUJlYXJlciB5YTI5LkNhbmFyeS1Ub2tlbgEB
S: 334 eyJzdGF0dXMiOiI0MDAifQ==
C:
S: 535 5.7.8 no
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "CRAM-MD5", "username": "tim", "secret": "********",
 "secret_kind": "hash", "challenge": "<1896.697170952@postoffice.reston.mci.net>",
 "outcome": "success"}
{"type": "auth", "mechanism": "XOAUTH2", "username": "john@a.example", "secret": "********",
 "secret_kind": "token", "outcome": "failure", "code": 535, "enhanced": "5.7.8"}
