# AUTH PLAIN with an initial response.
events: auth command message
findings: auth.cleartext
secret: Canary-7Kq2

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH PLAIN AGpvaG4AQ2FuYXJ5LTdLcTI=
S: 235 2.7.0 ok
C: MAIL FROM:<john@a.example> AUTH=<>
S: 250 ok
C: QUIT
S: 221 bye

{"type": "command", "verb": "EHLO"}
{"type": "command", "verb": "AUTH"}
{"type": "auth", "mechanism": "PLAIN", "username": "john", "authzid": null, "secret": "********",
 "secret_kind": "password", "challenge": null, "outcome": "success", "code": 235,
 "enhanced": "2.7.0", "text": "ok", "security": "none", "client": {"ip": "192.0.2.1", "port": 40000},
 "server": {"ip": "198.51.100.25", "port": 25}}
{"type": "finding", "id": "auth.cleartext", "severity": "high"}
{"type": "command", "verb": "MAIL"}
{"type": "command", "verb": "QUIT"}
{"type": "message", "index": 1, "from_params": {"AUTH": "<>"}}
