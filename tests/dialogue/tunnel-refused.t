# A login that the proxy refuses, on a port that counts by itself: no SMTP.
events: command reply session

C= \x05\x01\x02
S= \x05\x02
C= \x01\x04user\x0csocks-secret
S= \x01\x01

{"type": "session", "state": "not-smtp", "protocol": "socks", "tunnel": null}
