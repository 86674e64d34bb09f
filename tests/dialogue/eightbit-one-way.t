# The server's side was not captured: nobody knows what it offers.
captured: client
end: capture
findings: smtp.8bit

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: caf\xc3\xa9
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "unknown"}
