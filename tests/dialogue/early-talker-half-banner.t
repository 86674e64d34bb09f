# The banner has begun, and the client does not wait for its end. On a port that proves nothing the
# server's words are held meanwhile; they count as spoken.
findings: smtp.early-talker
ports: all
port: 4025

S= 220 mx.b.ex
C: EHLO client.a.example
C: MAIL FROM:<ann@a.example>
C: QUIT

{"type": "message", "index": 1, "from": "ann@a.example", "outcome": "incomplete"}
