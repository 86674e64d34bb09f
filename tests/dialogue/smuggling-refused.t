# A server that refuses bare LF in content: it says so before the end, and hangs up.
events: message
findings: smtp.smuggling
end: server fin

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
C= text\n.\n
C: MAIL FROM:<admin@b.example>
C: RCPT TO:<carol@b.example>
S: 521 5.5.2 mx.b.example Error: bare <LF> received

{"type": "message", "index": 1, "outcome": "rejected", "reply": {"code": 521}}
{"type": "finding", "id": "smtp.smuggling", "message": 1, "reference": "CVE-2023-51764",
 "detail": {"grade": "refused", "code": 521, "extra_replies": 0, "hidden_accepted": false}}
