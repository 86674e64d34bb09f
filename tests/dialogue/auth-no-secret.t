# Mechanisms without a secret of their own: a trace, an identity from TLS, a ticket that is not read.
events: auth
findings: auth.cleartext auth.weak

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH ANONYMOUS c2lyaGM=
S: 235 ok
C: AUTH EXTERNAL =
S: 235 ok
C: AUTH EXTERNAL YW5uQGEuZXhhbXBsZQ==
S: 235 ok
C: AUTH GSSAPI
S: 334
C: YIICCQ==
S: 334 YIICCQ==
C: *
S: 501 5.7.0 given up
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "ANONYMOUS", "username": "sirhc", "secret": null, "secret_kind": null, "outcome": "success"}
{"type": "auth", "mechanism": "EXTERNAL", "username": null, "authzid": null, "secret": null}
{"type": "auth", "mechanism": "EXTERNAL", "username": null, "authzid": "ann@a.example", "secret": null}
{"type": "auth", "mechanism": "GSSAPI", "username": null, "secret": null, "outcome": "aborted", "steps": 1}
