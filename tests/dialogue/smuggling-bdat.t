# LF . LF in a chunk ends nothing here, but where this server passes the message on by DATA it may.
events: message
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 CHUNKING
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: BDAT 43 LAST
C= text\r\n\n.\nMAIL FROM:<admin@b.example>\r\n..x\r\n
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "transfer": "BDAT", "size": 43, "outcome": "accepted"}
{"type": "finding", "id": "smtp.smuggling", "message": 1,
 "detail": {"grade": "command-follows", "look_alike": "LF . LF", "offset": 7}}
