# The capture lacks one segment, with a boundary of a multipart.
events: message session
findings: tcp.conflict tcp.gap tcp.reset

open
hello
mail
C "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n"
C "--cut\r\n\r\nAAAA\r\n"
C lost "--cut\r\n"
C "\r\nBBBB\r\n--cut--\r\n"
S
wait 2
C ".\r\n"
S "250 ok\r\n"
bye

{"type": "finding", "id": "tcp.gap", "detail": {"direction": "client", "bytes": 7}}
{"type": "message", "outcome": "accepted", "stage": "end", "missing_bytes": 7, "headers": {"subject": "x"}}
{"type": "session", "state": "complete", "from_start": true}
M1: Subject: x
M1: MIME-Version: 1.0
M1: Content-Type: multipart/mixed; boundary=cut
M1:
M1: --cut
M1:
M1: AAAA
M1!: --cut
M1:
M1: BBBB
M1: --cut--
