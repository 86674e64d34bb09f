# NTLM, by AUTH and by Exchange's own verb: names in UTF-16, the challenge as it is.
events: auth
findings: auth.weak
secret: abababababababababababababababababababababababab

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH NTLM
S: 334 NTLM supported
C: TlRMTVNTUAABAAAAB7IAAA==
S: 334 TlRMTVNTUAACAAAAAAAAAAAAAAAAAAAAMTIzNDU2Nzg=
C: TlRMTVNTUAADAAAAGAAYAEAAAAAYABgAWAAAAAYABgBwAAAACAAIAHYAAAAEAAQAfgAAAAAAAACCAAAAAQAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAaurq6urq6urq6urq6urq6urq6urq6urq0QATwBNAGoA9gByAGcAUABDAA==
S: 535 5.7.3 Authentication unsuccessful
C: X-EXPS NTLM TlRMTVNTUAABAAAAB7IAAA==
S: 334 TlRMTVNTUAACAAAAAAAAAAAAAAAAAAAAMTIzNDU2Nzg=
C: TlRMTVNTUAADAAAAGAAYAEAAAAAYABgAWAAAAAYABgBwAAAACAAIAHYAAAAEAAQAfgAAAAAAAACCAAAAAQAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAaurq6urq6urq6urq6urq6urq6urq6urq0QATwBNAGoA9gByAGcAUABDAA==
S: 235 2.7.0 ok
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "NTLM", "username": "jörg", "realm": "DOM", "workstation": "PC", "secret": "********",
 "secret_kind": "hash", "outcome": "failure", "steps": 2}
{"type": "finding", "id": "auth.weak"}
{"type": "auth", "mechanism": "NTLM", "username": "jörg", "realm": "DOM", "outcome": "success", "steps": 2}
{"type": "finding", "id": "auth.weak"}
