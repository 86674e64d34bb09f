# A server that thinks for seven seconds before it answers.
findings: smtp.slow

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
wait: 7
S: 250 mx.b.example
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.slow", "severity": "low"}
