# The server closes an idle connection with 421, which needs no command: it says nothing of the
# hidden one.
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= text\n.\nMAIL FROM:<x@b.example>\nRCPT TO:<carol@b.example>\nDATA\nx\r\n
C: .
S: 250 done
wait: 60
S: 421 4.4.2 timeout

{"type": "message", "index": 1, "outcome": "accepted"}
{"type": "finding", "id": "smtp.smuggling", "message": 1,
 "detail": {"grade": "command-follows", "extra_replies": 0}}
