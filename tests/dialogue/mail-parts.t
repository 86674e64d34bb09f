# A multipart mail with an attachment: the decoded part ends before the line end that belongs to the
# boundary.

S: 220 mx.b.example ESMTP
C: HELO client.a.example
S: 250 mx.b.example
C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=
C: MIME-Version: 1.0
C: Content-Type: multipart/mixed; boundary="cut"
C:
C: preamble
C: --cut
C: Content-Type: text/plain; charset=us-ascii
C:
C: Hello.
C: --cut
C: Content-Type: application/octet-stream
C: Content-Transfer-Encoding: BASE64
C: Content-Disposition: attachment; filename="a.bin"
C:
C: AAECAwQF
C: --cut--
C: .
S: 250 ok
C: QUIT
S: 221 bye

{"type": "message", "index": 1, "outcome": "accepted", "headers": {"subject": "grüße"},
 "parts": [{"content_type": "text/plain", "charset": "us-ascii", "filename": null, "size": 6,
            "sha256": "2d8bd7d9bb5f85ba643f0110d50cb506a1fe439e769a22503193ea6046bb87f7"},
           {"content_type": "application/octet-stream", "encoding": "base64", "filename": "a.bin",
            "disposition": "attachment", "size": 6,
            "sha256": "17e88db187afd62c16e5debf3e6527cd006bc012bc90b51a810cd80c2d511f43"}]}
