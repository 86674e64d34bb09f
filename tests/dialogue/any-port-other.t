# `--ports all` makes no session of what is not SMTP.
events: message session command reply
ports: all
port: 4080

C: GET / HTTP/1.1
C: Host: b.example
C:
S: HTTP/1.1 200 OK
S:
