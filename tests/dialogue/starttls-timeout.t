# The client does not begin TLS, and the server says good-bye: no injection.
findings: tls.injection tls.refused tls.not-begun

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 STARTTLS
C: STARTTLS
S: 220 2.0.0 go ahead
wait: 300
S: 421 4.4.2 timeout
