# Transparency (RFC 5321 section 4.5.2): the first of the dots at a line's start goes, no other.

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: ..
C: ..two dots
C: ...three
C: .one dot that was not doubled
C: in . the .. middle
C: at the end.
C: at the end..
C:  . behind a blank
C: ..
C:
C: ....
C: .\x20
C: ..
C: .
S: 250 done
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "stage": "end"}
M1: .
M1: .two dots
M1: ..three
M1: one dot that was not doubled
M1: in . the .. middle
M1: at the end.
M1: at the end..
M1:  . behind a blank
M1: .
M1:
M1: ...
M1: \x20
M1: .
