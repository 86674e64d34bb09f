# Another protocol on port 25.
events: message session

C: GET / HTTP/1.1
C: Host: b.example
C:
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
S= ok

{"type": "session", "state": "not-smtp", "protocol": "http", "messages": {"accepted": 0, "incomplete": 0}}
