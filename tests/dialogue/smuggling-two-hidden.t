# Two messages within one, by different look-alikes; the server accepts the second and refuses the first.
events: message
findings: smtp.smuggling

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 8BITMIME
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C= text\r.\r
C: MAIL FROM:<admin@b.example>
C: RCPT TO:<carol@b.example>
C: DATA
C= one\n.\n
C: MAIL FROM:<root@b.example>
C: RCPT TO:<dan@b.example>
C: DATA
C: two
C: .
S: 250 queued as 1
S: 250 ok
S: 250 ok
S: 354 go
S: 550 5.7.1 no
S: 250 ok
S: 250 ok
S: 354 go
S: 250 queued as 2
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "reply": {"text": "queued as 1"}}
{"type": "finding", "id": "smtp.smuggling", "message": 1,
 "summary": "message 1 has CR . CR in its content, which looks like the end of data, and MAIL behind it: the server took it for the end and accepted a hidden message from <root@b.example> to <dan@b.example> (250 queued as 2): look for that message, and let the server end content at CRLF . CRLF only",
 "detail": {"grade": "split", "look_alike": "CR . CR", "hidden_messages": 2, "hidden_size": 4,
            "hidden_accepted": true}}
