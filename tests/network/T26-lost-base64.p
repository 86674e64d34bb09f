# The capture lacks one segment, with a part of a base64 body.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
C "QUFBQUFB\r\n"
C lost "QUFB"
C "QUFB\r\n"
S
wait 2
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "client", "bytes": 4}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 4, "parts": [{"content_type": "text/plain", "encoding": "base64", "sha256": null}]}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1: MIME-Version: 1.0
M1: Content-Type: text/plain
M1: Content-Transfer-Encoding: base64
M1:
M1: QUFBQUFB
M1!= QUFB
M1: QUFB
