# An idle client is sent away: a reply to no command.
events: reply session
end: server fin
findings: smtp.early-talker

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
wait: 300
S: 421 4.4.2 idle too long

{"type": "reply", "code": 220, "to": "banner"}
{"type": "reply", "code": 250, "to": "EHLO"}
{"type": "reply", "code": 421, "enhanced": "4.4.2", "to": null}
{"type": "session", "state": "closed"}
