# Must fail: a line that is none.

S: 220 mx.b.example ESMTP
X: EHLO client.a.example
