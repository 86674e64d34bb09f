# Sixty-one names asked for with VRFY and EXPN: told once, at the third.
findings: smtp.enumeration

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250 mx.b.example
C: VRFY user0
S: 550 5.1.1 no
C: VRFY user1
S: 550 5.1.1 no
C: VRFY user2
S: 550 5.1.1 no
C: VRFY user3
S: 550 5.1.1 no
C: VRFY user4
S: 550 5.1.1 no
C: VRFY user5
S: 550 5.1.1 no
C: VRFY user6
S: 550 5.1.1 no
C: VRFY user7
S: 550 5.1.1 no
C: VRFY user8
S: 550 5.1.1 no
C: VRFY user9
S: 550 5.1.1 no
C: VRFY user10
S: 550 5.1.1 no
C: VRFY user11
S: 550 5.1.1 no
C: VRFY user12
S: 550 5.1.1 no
C: VRFY user13
S: 550 5.1.1 no
C: VRFY user14
S: 550 5.1.1 no
C: VRFY user15
S: 550 5.1.1 no
C: VRFY user16
S: 550 5.1.1 no
C: VRFY user17
S: 550 5.1.1 no
C: VRFY user18
S: 550 5.1.1 no
C: VRFY user19
S: 550 5.1.1 no
C: VRFY user20
S: 550 5.1.1 no
C: VRFY user21
S: 550 5.1.1 no
C: VRFY user22
S: 550 5.1.1 no
C: VRFY user23
S: 550 5.1.1 no
C: VRFY user24
S: 550 5.1.1 no
C: VRFY user25
S: 550 5.1.1 no
C: VRFY user26
S: 550 5.1.1 no
C: VRFY user27
S: 550 5.1.1 no
C: VRFY user28
S: 550 5.1.1 no
C: VRFY user29
S: 550 5.1.1 no
C: VRFY user30
S: 550 5.1.1 no
C: VRFY user31
S: 550 5.1.1 no
C: VRFY user32
S: 550 5.1.1 no
C: VRFY user33
S: 550 5.1.1 no
C: VRFY user34
S: 550 5.1.1 no
C: VRFY user35
S: 550 5.1.1 no
C: VRFY user36
S: 550 5.1.1 no
C: VRFY user37
S: 550 5.1.1 no
C: VRFY user38
S: 550 5.1.1 no
C: VRFY user39
S: 550 5.1.1 no
C: VRFY user40
S: 550 5.1.1 no
C: VRFY user41
S: 550 5.1.1 no
C: VRFY user42
S: 550 5.1.1 no
C: VRFY user43
S: 550 5.1.1 no
C: VRFY user44
S: 550 5.1.1 no
C: VRFY user45
S: 550 5.1.1 no
C: VRFY user46
S: 550 5.1.1 no
C: VRFY user47
S: 550 5.1.1 no
C: VRFY user48
S: 550 5.1.1 no
C: VRFY user49
S: 550 5.1.1 no
C: VRFY user50
S: 550 5.1.1 no
C: VRFY user51
S: 550 5.1.1 no
C: VRFY user52
S: 550 5.1.1 no
C: VRFY user53
S: 550 5.1.1 no
C: VRFY user54
S: 550 5.1.1 no
C: VRFY user55
S: 550 5.1.1 no
C: VRFY user56
S: 550 5.1.1 no
C: VRFY user57
S: 550 5.1.1 no
C: VRFY user58
S: 550 5.1.1 no
C: VRFY user59
S: 550 5.1.1 no
C: EXPN staff
S: 252 cannot say
C: QUIT
S: 221 bye

{"type": "finding", "id": "smtp.enumeration", "severity": "medium",
 "detail": {"names": 3, "recipients": 0, "accepted": 0, "uids": []}}
