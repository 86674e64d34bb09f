# OAUTHBEARER: the user of the header, the claims of the token, and why it was refused.
events: auth
findings: auth.cleartext
secret: e30.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJ1cG4iOiJhbm5AYS5leGFtcGxlIiwiYXVkIjpbInNtdHAiLCJpbWFwIl0sImV4cCI6MTc5NTI1NTIwMCwibm9uY2UiOnsieCI6MX19.Q2FuYXJ5LVNpZw
secret: Q2FuYXJ5LVNpZw

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250 AUTH PLAIN LOGIN
C: AUTH OAUTHBEARER bixhPWFubkBhLmV4YW1wbGUsAWhvc3Q9bXguYi5leGFtcGxlAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIGUzMC5leUpwYzNNaU9pSm9kSFJ3Y3pvdkwyeHZaMmx1TG1WNFlXMXdiR1VpTENKMWNHNGlPaUpoYm01QVlTNWxlR0Z0Y0d4bElpd2lZWFZrSWpwYkluTnRkSEFpTENKcGJXRndJbDBzSW1WNGNDSTZNVGM1TlRJMU5USXdNQ3dpYm05dVkyVWlPbnNpZUNJNk1YMTkuUTJGdVlYSjVMVk5wWncBAQ==
S: 334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJtYWlsIn0=
C: AQ==
S: 535 5.7.8 no
C: QUIT
S: 221 bye

{"type": "auth", "mechanism": "OAUTHBEARER", "username": "ann@a.example", "secret": "********", "secret_kind": "token",
 "claims": {"iss": "https://login.example", "upn": "ann@a.example", "aud": "smtp imap", "exp": "1795255200"},
 "error": "{\"status\":\"invalid_token\",\"scope\":\"mail\"}", "outcome": "failure", "code": 535}
{"type": "finding", "id": "auth.cleartext"}
