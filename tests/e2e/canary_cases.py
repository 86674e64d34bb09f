"""Secrets in places of their own: for the canary, what does not go with every way a session can go.

Each case gives the turns of one session; how they are sent is the canary's.
"""

import base64


def b64(data):
    return base64.b64encode(data)


HEAD = [("S", b"220 mx.b.example ESMTP\r\n"), ("C", b"EHLO client.a.example\r\n"),
        ("S", b"250-mx.b.example\r\n250-STARTTLS\r\n250-CHUNKING\r\n250-BURL imap\r\n250 AUTH PLAIN LOGIN\r\n")]
TAIL = [("C", b"QUIT\r\n"), ("S", b"221 bye\r\n")]
MAIL = [("C", b"MAIL FROM:<a@a.example>\r\n"), ("S", b"250 ok\r\n"), ("C", b"RCPT TO:<b@b.example>\r\n"), ("S", b"250 ok\r\n")]


def talk(*lines, head=None):
    """Lines in turn, the client's first."""
    turns = [("C" if i % 2 == 0 else "S", line + b"\r\n") for i, line in enumerate(lines)]
    return (HEAD if head is None else head) + turns + TAIL


def plain(key):
    return b"AUTH PLAIN " + b64(b"\0ann\0" + key)


def percent(key, mark=b"%"):
    return b"".join(mark + b"%02X" % byte for byte in key)


# --- not quite a login ---


def xoauth2_blanks(key):
    return talk(b"AUTH XOAUTH2 " + b64(b"user=ann auth=Bearer " + key + b" "), b"535 no")


def xoauth2_carets(key):
    return talk(b"AUTH XOAUTH2 " + b64(b"user=ann^Aauth=Bearer " + key + b"^A^A"), b"235 ok")


def xoauth2_other_scheme(key):
    return talk(b"AUTH XOAUTH2 " + b64(b"user=ann\nauth=MAC " + key + b"\n"), b"535 no")


def oauthbearer_blanks(key):
    return talk(b"AUTH OAUTHBEARER " + b64(b"n,a=ann auth=Bearer " + key), b"535 no")


def external_plain(key):
    return talk(b"AUTH EXTERNAL " + b64(b"\0ann\0" + key), b"535 no")


def anonymous_plain(key):
    return talk(b"AUTH ANONYMOUS " + b64(b"ann\0ann\0" + key), b"535 no")


def login_colon(key):
    return talk(b"AUTH LOGIN " + b64(b"ann:" + key), b"535 no " + b64(key))


def login_blank(key):
    return talk(b"AUTH LOGIN", b"334 VXNlcm5hbWU6", b64(b"ann " + key), b"501 no")


def login_password_first(key):
    return talk(b"AUTH LOGIN", b"334 " + b64(b"Password:"), b64(key), b"535 no")


def cram_password(key):
    return talk(b"AUTH CRAM-MD5", b"334 PDEuMkBteD4=", b64(b"ann " + key + b" and more"), b"535 no")


def login_verb(key):
    return talk(b"LOGIN ann !" + key, b"500 unknown: LOGIN ann !" + key)


def xlogin_verb(key):
    return talk(b"XLOGIN ann !" + key, b"500 unknown: !" + key)


def user_and_pass(key):
    return talk(b"USER ann", b"500 unknown", b"PASS =" + key, b"500 unknown", b"ACCT x", b"500 ACCT")


def imap(key):
    return talk(b"a1 LOGIN ann !" + key, b"500 a1 LOGIN ann !" + key)


def http_post(key):
    lines = [b"POST / HTTP/1.1", b"Authorization: Bearer " + key, b"Proxy-Authorization: Basic " + b64(b"ann:" + key), b""]
    return HEAD + [("C", b"\r\n".join(lines) + b"\r\n")] + [("S", b"500 what: " + line + b"\r\n") for line in lines] + TAIL


def blank_first(key):
    return talk(b" " + plain(key), b"500 what:  " + plain(key))


def tab_first(key):
    return talk(b"\tAUTH\tPLAIN\t" + b64(b"\0ann\0" + key), b"500 what")


def nul_first(key):
    return talk(b"\0" + plain(key), b"500 what")


def behind_cr(key):
    return talk(b"NOOP\r" + plain(key), b"500 what\r" + plain(key))


def hello_behind_cr(key):
    return talk(b"EHLO x.example\rPASS " + key, b"250 hello")


def mail_behind_cr(key):
    return talk(b"MAIL FROM:<a@a.example>\r" + plain(key), b"250 ok", b"RCPT TO:<b@b.example> X=\r" + plain(key), b"501 no")


# --- echoes ---


def pipelined_pass(key):
    return HEAD + [("C", b"PASS !" + key + b"\r\nNOOP\r\nNOOP\r\n"), ("S", b"500 what: PASS !" + key + b"\r\n250 ok\r\n250 ok\r\n")] + TAIL


def pipelined_three(key):
    lines = [b"USER ann", b"PASS !" + key, b"XAUTH ann !!" + key]
    return HEAD + [("C", b"\r\n".join(lines) + b"\r\n")] + [("S", b"500 what: " + line + b"\r\n") for line in lines] + TAIL


def many_words(key):
    return talk(b"AUTH XYZZY", b"334 ", b64(b" ".join(b"word%d" % i for i in range(90))), b"334 ", b64(key + b"!"),
                b"535 not " + key + b"! nor " + b64(b"x" + key))


def many_words_before(key):
    return talk(b"AUTH XLOGIN " + b" ".join(b"word%d" % i for i in range(90)) + b" !" + key, b"535 not !" + key)


def many_steps(key):
    lines = [b"AUTH XYZZY"]
    for i in range(24):
        lines += [b"334 ", b64(b"step %d" % i)]
    return talk(*lines, b"334 ", b64(key), b"535 not " + key + b" " + b64(key))


def long_line(key):
    return talk(plain(b"!" * 9400 + key * 20), b"535 no " + b"!" * 9400 + key * 20)


def long_pass(key):
    return talk(b"PASS " + b"!?" * 700 + key, b"500 what: PASS " + b"!?" * 700 + key)


def long_step(key):
    return talk(b"AUTH PLAIN", b"334 ", b64(b"\0ann\0" + key * 400), b"535 " + b64(b"\0ann\0" + key * 400))


def echo_case(key):
    return talk(plain(key), b"535 " + plain(key).upper() + b" " + plain(key).lower() + b" " + key.upper() + b" " + key.lower())


def echo_percent(key):
    return talk(plain(key), b"535 " + percent(key) + b" " + percent(key).lower())


def echo_quoted(key):
    return talk(plain(key), b"535 " + percent(key, b"="))


def echo_wide(key):
    return talk(plain(key), b"535 " + key.decode().encode("utf-16le") + b" " + key.decode().encode("utf-16be"))


def echo_ends(key):
    return talk(plain(key), b"535-first\r\n535-" + key + b"\r\n" + key + b"\r\n535 " + key)


# --- other places ---


def burl(key):
    url = b"imap://ann@imap.example/x;uid=1;urlauth=submit+ann:internal:" + key
    return HEAD + MAIL + [("C", b"BURL " + url + b" LAST\r\n"), ("S", b"554 5.7.0 cannot get " + url + b"\r\n")] + TAIL


def burl_pipelined(key):
    url = b"imap://ann@imap.example/x;URLAUTH=submit+ann:internal:" + key
    return HEAD + [("C", MAIL[0][1] + MAIL[2][1] + b"BURL " + url + b" LAST\r\nNOOP\r\n"),
                   ("S", b"250 ok\r\n250 ok\r\n554 5.7.0 cannot get " + url + b"\r\n250 ok\r\n")] + TAIL


def burl_password(key):
    url = b"imap://ann:" + key + b"@imap.example/x;uid=1"
    return HEAD + MAIL + [("C", b"BURL " + url + b" LAST\r\n"), ("S", b"554 5.7.0 cannot get " + url + b"\r\n")] + TAIL


def injected(key):
    return HEAD + [("C", b"STARTTLS\r\n" + plain(key) + b"\r\n"), ("S", b"220 go\r\n535 no " + key + b"\r\n")] + TAIL


def injected_behind(key):
    return HEAD + [("C", b"STARTTLS\r\n"), ("S", b"220 go\r\n"), ("C", plain(key) + b"\r\n" + b"PASS " + key + b"\r\n"),
                   ("C", bytes.fromhex("16030100050100000100")), ("S", b"535 " + key + b"\r\n")]


def turned(key):
    """Who has connected is the server from then on, and is logged in to."""
    return HEAD + [("C", b"TURN\r\n"), ("S", b"250 ok\r\n"), ("C", b"220 client.a.example\r\n"), ("S", b"EHLO mx.b.example\r\n"),
                   ("C", b"250-client\r\n250 AUTH LOGIN\r\n"), ("S", b"AUTH LOGIN\r\n"), ("C", b"334 VXNlcm5hbWU6\r\n"),
                   ("S", b64(b"ann") + b"\r\n"), ("C", b"334 UGFzc3dvcmQ6\r\n"), ("S", b64(key) + b"\r\n"),
                   ("C", b"535 no " + key + b"\r\n"), ("S", b"PASS " + key + b"\r\n"), ("C", b"500 what: " + key + b"\r\n"),
                   ("S", b"QUIT\r\n"), ("C", b"221 bye\r\n")]


def turned_behind_login(key):
    return HEAD + [("C", plain(key) + b"\r\n"), ("S", b"235 ok\r\n")] + turned(key)[3:]


def socks(key):
    return [("C", b"\5\1\2"), ("S", b"\5\2"), ("C", b"\1\3ann" + bytes([len(key)]) + key), ("S", b"\1\0"),
            ("C", b"\5\1\0\3\2mx\0\x19"), ("S", b"\5\0\0\1\0\0\0\0\0\0")] + HEAD + TAIL


def socks_refused(key):
    return [("C", b"\5\1\2"), ("S", b"\5\2"), ("C", b"\1\3ann" + bytes([len(key)]) + key), ("S", b"\1\1")]


def connect(key):
    return [("C", b"CONNECT mx:25 HTTP/1.1\r\nProxy-Authorization: Basic " + b64(b"ann:" + key) + b"\r\n\r\n"),
            ("S", b"HTTP/1.1 200 ok\r\n\r\n")] + HEAD + TAIL


def connect_refused(key):
    return [("C", b"CONNECT mx:25 HTTP/1.1\r\nProxy-Authorization: Bearer " + key + b"\r\nX-Auth: " + key + b"\r\n\r\n"),
            ("S", b"HTTP/1.1 407 not with " + key + b"\r\n\r\n")]


def proxied(key):
    return [("C", b"PROXY TCP4 192.0.2.1 192.0.2.2 1 25\r\n")] + talk(plain(key), b"535 no " + key)


def xclient(key):
    return talk(b"XCLIENT LOGIN=ann NAME=a.example", b"220 mx", b"EHLO x", b"250 AUTH PLAIN", plain(key), b"235 ok " + key)


def auth_param(key):
    return talk(plain(key), b"235 ok", b"MAIL FROM:<a@a.example> AUTH=ann+40a.example", b"550 not you: " + b"no",
                plain(key), b"503 again: " + key)


def probed(key):
    return talk(b"VRFY " + b64(b"\0ann\0" + key), b"252 perhaps")


SHOWN = {"probed"}  # an argument of what is no login
CASES = [case for name, case in list(globals().items())
         if callable(case) and getattr(case, "__code__", None) and case.__code__.co_varnames[:1] == ("key",)
         and name not in {"plain", "percent"} | SHOWN]
