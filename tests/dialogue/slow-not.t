# Short waits, a client that thinks, and commands sent together: nobody was slow.
findings: smtp.slow

S: 220 mx.b.example ESMTP
wait: 20
C: EHLO client.a.example
wait: 4
S: 250-mx.b.example
S: 250 PIPELINING
C: MAIL FROM:<ann@a.example>
C: RCPT TO:<bob@b.example>
C: RCPT TO:<eve@b.example>
wait: 3
S: 250 ok
--
wait: 3
S: 250 ok
--
wait: 3
S: 250 ok
wait: 60
C: QUIT
S: 221 bye

{"type": "message", "outcome": "incomplete", "stage": "rcpt"}
