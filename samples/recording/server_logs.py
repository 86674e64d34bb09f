"""What the logs of mail servers say, as facts of one form.

A log file of the samples (truth/NAME.log) has the lines of one or more servers, each begun by `## NAME ADDRESS KIND`. facts()
reads it into a list of Fact. A field that a server does not log is None.
"""

import json
import re
from dataclasses import dataclass, field


@dataclass
class Fact:
    what: str  # accepted, refused, login, sent or counts
    server: str  # the address of whoever writes the log
    client: tuple = (None, None)  # address and port
    queue_id: str = None
    sender: str = None
    to: tuple = None  # accepted: all recipients; refused, sent: the one, or ()
    command: str = None  # refused: MAIL, RCPT, DATA (the content), VRFY
    code: int = None
    text: str = None  # part of the reply
    mechanism: str = None
    user: str = None
    good: bool = None
    message_id: str = None
    size: int = None  # of the content as it came
    sha256: str = None
    counts: dict = field(default_factory=dict)  # verb: (taken, all)


ADDRESS = r"\[([0-9a-f.:]+)\]"
PEER = ADDRESS + r":(\d+)"


def peer(match, first=1):
    return (match[first], int(match[first + 1]))


def postfix(server, lines):
    """smtpd's lines by connection, those of the other daemons by queue id."""
    queued, senders, recipients, ids, found = {}, {}, {}, {}, []
    for line in lines:
        daemon = re.search(r"postfix/(\w+)\[\d+\]: (.*)", line)
        if not daemon:
            continue
        name, text = daemon.groups()
        if name == "smtpd":
            found += postfix_smtpd(server, text, queued)
        elif match := re.match(r"(\w+): message-id=(<.*>)$", text):
            ids[match[1]] = match[2]
        elif match := re.match(r"(\w+): from=<(.*?)>, size", text):
            senders[match[1]] = match[2]
        elif match := re.match(rf"(\w+): to=<(.*?)>, .*relay=[^,]*{PEER}, .*status=\w+ \((.*)\)$", text):
            reply = re.match(r"(?:host \S+ said: )?(\d{3})[ -](.*)", match[5])
            found.append(Fact("sent", server, peer(match, 3), to=(match[2],), sender=senders.get(match[1]),
                              code=int(reply[1]), text=reply[2]))
        elif match := re.match(r"(\w+): to=<(.*?)>(?:, orig_to=<.*?>)?, relay=virtual", text):
            recipients.setdefault(match[1], []).append(match[2])
    for queue_id, fact in queued.items():
        fact.sender, fact.message_id = senders.get(queue_id), ids.get(queue_id)
        fact.to = tuple(recipients.get(queue_id, ()))
        # A transaction that was given up has a queue id, and no more.
        if fact.sender is not None:
            found.append(fact)
    return found


def postfix_smtpd(server, text, queued):
    if match := re.match(rf"(\w+): client=\S*?{PEER}(?:, sasl_method=([\w-]+), sasl_username=(\S+))?$", text):
        queued[match[1]] = Fact("accepted", server, peer(match, 2), queue_id=match[1])
        if match[4]:
            yield Fact("login", server, peer(match, 2), mechanism=match[4], user=match[5], good=True)
    elif match := re.match(rf"\w+: reject: (\w+) from \S*?{PEER}: (\d+) (?:([\d.]+) )?(.*?);(?: from=<(.*?)>)?"
                           r"(?: to=<(.*?)>)?", text):
        yield Fact("refused", server, peer(match, 2), command=match[1], code=int(match[4]), text=match[6],
                   sender=match[7], to=(match[8],) if match[8] else ())
    elif match := re.match(rf"warning: \S*?{PEER}: SASL ([\w-]+) authentication failed:.*?"
                           r"(?:, sasl_username=(\S+))?$", text):
        user = match[4] if match[4] != "(unavailable)" else None
        yield Fact("login", server, peer(match), mechanism=match[3], user=user, good=False)
    elif match := re.match(rf"disconnect from \S*?{PEER} (.*) commands=", text):
        counts = {}
        for verb, numbers in re.findall(r"(\w+)=([\d/]+)", match[3]):
            taken, _, every = numbers.partition("/")
            counts[verb.upper()] = (int(taken), int(every or taken))
        yield Fact("counts", server, peer(match), counts=counts)


EXIM_MECHANISMS = {"plain": "PLAIN", "login": "LOGIN", "cram_md5": "CRAM-MD5", "ntlm": "NTLM"}
EXIM_PEER = rf"H=(?:\S+ )?(?:\(\S+\) )?{PEER}"


def exim(server, lines):
    own = {}    # sender by queue id
    refused_parts = {}
    for line in lines:
        text = line[24:]
        if match := re.match(rf"(\S+) <= (\S+) {EXIM_PEER} .*? id=(\S+) from <.*?> for (.*)", text):
            sender = "" if match[2] == "<>" else match[2]
            own[match[1]] = sender
            to = tuple(address for address in match[6].split() if address not in refused_parts.get(match[1], ()))
            yield Fact("accepted", server, peer(match, 3), queue_id=match[1], sender=sender, to=to,
                       message_id=f"<{match[5]}>")
            for address, why in refused_parts.get(match[1], {}).items():
                yield Fact("refused", server, peer(match, 3), command="DATA", sender=sender, to=(address,), text=why)
            if login := re.search(r" A=(\w+):(\S+)", text):
                yield Fact("login", server, peer(match, 3), mechanism=EXIM_MECHANISMS[login[1]], user=login[2], good=True)
        elif match := re.match(r"(\S+) PRDR ([^\s=]+@\S+) (.*)", text):
            refused_parts.setdefault(match[1], {})[match[2]] = match[3]
        elif match := re.match(r"(\S+) <= (\S+) .*P=local", text):
            own[match[1]] = "" if match[2] == "<>" else match[2]
        elif match := re.search(rf"{EXIM_PEER} .*?(?:F=<(.*?)> )?(?:temporarily )?rejected (MAIL|RCPT) <(.*?)>: (.*)", text):
            is_mail = match[4] == "MAIL"
            yield Fact("refused", server, peer(match), command=match[4], text=match[6],
                       sender=match[5] if is_mail else match[3], to=() if is_mail else (match[5],))
        elif match := re.match(rf"rejected MAIL FROM:<(.*?)> {EXIM_PEER} .*?: (.*)", text):
            yield Fact("refused", server, peer(match, 2), command="MAIL", code=552, sender=match[1], to=())
        elif match := re.search(rf"{EXIM_PEER} .*?F=<(.*?)> (?:temporarily )?rejected after DATA: (.*)", text):
            yield Fact("refused", server, peer(match), command="DATA", text=match[4], sender=match[3], to=())
        elif match := re.match(rf"(\w+) authenticator failed for (?:\(\S+\) )?{PEER} .*?: (\d+) (.*) \(set_id=(.*)\)", text):
            yield Fact("login", server, peer(match, 2), mechanism=EXIM_MECHANISMS[match[1]], user=match[6], good=False,
                       code=int(match[4]), text=match[5])
        elif match := re.match(rf"(\S+) [=-]> (\S+) .*?H=\S+ {PEER} .*C=\"(\d+) (.*?)\"", text):
            yield Fact("sent", server, peer(match, 3), sender=own[match[1]], to=(match[2],), code=int(match[5]),
                       text=match[6])
        elif match := re.match(rf"(\S+) \*\* (\S+) .*?H=\S+ {PEER} .*SMTP error .*? after .*?: (\d+) (.*) DT=", text):
            yield Fact("sent", server, peer(match, 3), sender=own[match[1]], to=(match[2],), code=int(match[5]),
                       text=match[6])


def opensmtpd(server, lines):
    clients, messages = {}, {}
    for line in lines:
        match = re.match(r".*smtpd\[\d+\]: (\w{16}) (.*)", line)
        if not match:
            continue
        session, text = match.groups()
        if match := re.match(r"smtp connected address=(\S+)", text):
            clients[session] = (match[1], None)
        elif match := re.match(r"smtp message msgid=(\w+) size=(\d+)", text):
            messages[match[1]] = Fact("accepted", server, clients[session], queue_id=match[1], to=())
        elif match := re.match(r"smtp envelope evpid=(\w{8})\w{8} from=<(.*?)> to=<(.*?)>", text):
            fact = messages[match[1]]
            fact.sender, fact.to = match[2], (*fact.to, match[3])
        elif match := re.match(r'smtp failed-command command="(\w+)(?: FROM:<(.*?)>)?(?: TO:<(.*?)>)?.*?" result="(\d+) (.*)"$',
                               text):
            command = "DATA" if match[1] == "DATA" else match[1]
            yield Fact("refused", server, clients[session], command=command, sender=match[2],
                       to=(match[3],) if match[3] else (), code=int(match[4]), text=match[5].split(": ")[0])
    yield from messages.values()


def sendmail(server, lines):
    messages, clients = {}, {}
    for line in lines:
        match = re.match(r".*sendmail\[(\d+)\]: (?:(\w+): )?(.*)", line)
        process, queue_id, text = match.groups()
        if match := re.match(rf"connect from \S+ {ADDRESS}", text):
            clients[process] = (match[1], None)
        elif match := re.match(r"from=<(.*?)>, size=(\d+), .*msgid=(<.*?>)", text):
            messages[queue_id] = Fact("accepted", server, clients[process], queue_id=queue_id, sender=match[1], to=(),
                                      message_id=match[3])
        elif match := re.match(r"to=<(.*?)>, .*stat=Sent", text):
            messages[queue_id].to += (match[1],)
        elif match := re.match(r"ruleset=check_(mail|rcpt), arg1=<(.*?)>, .*reject=(\d+) (?:[\d.]+ )?(.*)", text):
            is_mail = match[1] == "mail"
            yield Fact("refused", server, clients[process], command=match[1].upper(), sender=match[2] if is_mail else None,
                       to=() if is_mail else (match[2],), code=int(match[3]), text=match[4])
        elif match := re.match(r"<(.*?)>\.\.\. (User unknown)", text):
            yield Fact("refused", server, clients[process], command="RCPT", to=(match[1],), text=match[2])
        elif match := re.match(r"AUTH=server, .*authid=(\S+), mech=([\w-]+)", text):
            yield Fact("login", server, clients[process], mechanism=match[2], user=match[1], good=True)
        elif match := re.match(r"AUTH failure \(([\w-]+)\):(?:.* user=(\S+),)? ?.*relay=", text):
            yield Fact("login", server, clients[process], mechanism=match[1], user=match[2], good=False)
    yield from messages.values()


def dovecot(server, lines):
    lmtp = {}
    for line in lines:
        text = line[20:]
        if match := re.match(r"submission-login: Info: (Login|Disconnected): .*?user=<(.*?)>, method=([\w-]+), "
                             r"rip=(\S+), rport=(\d+)", text):
            yield Fact("login", server, peer(match, 4), mechanism=match[3], user=match[2], good=match[1] == "Login")
        elif match := re.match(r"submission.*Successfully relayed message: from=<(.*?)>, size=(\d+)", text):
            yield Fact("accepted", server, sender=match[1], size=int(match[2]))
        elif match := re.match(r"lmtp\((.*?)\)<.*msgid=(<.*?>): saved mail", text):
            lmtp.setdefault(match[2], Fact("accepted", server, message_id=match[2], to=())).to += (match[1],)
        elif match := re.match(r"lmtp\((.*?)\)<.*save failed to INBOX: (.*)", text):
            yield Fact("refused", server, command="DATA", to=(match[1],), text=match[2])
        elif match := re.match(r"auth: Info: passwd-file\((.*?),(.*?)\): unknown user", text):
            yield Fact("refused", server, (match[2], None), command="RCPT", to=(match[1],))
    yield from lmtp.values()


def aiosmtpd(server, lines):
    for line in lines:
        said = json.loads(line)
        fact = Fact(said["what"], server, (said["client"], said["port"]), sender=said.get("sender"))
        if fact.what == "accepted":
            fact.to, fact.size, fact.sha256 = tuple(said["to"]), said["size"], said["sha256"]
        elif fact.what == "refused":
            fact.to, fact.command, fact.code = (said["to"],), said["command"], said["code"]
        else:
            fact.mechanism, fact.user, fact.good = said["mechanism"], said["user"], said["good"]
        yield fact


KINDS = {"postfix": postfix, "exim": exim, "opensmtpd": opensmtpd, "sendmail": sendmail, "dovecot": dovecot,
         "aiosmtpd": aiosmtpd}


def facts(text):
    found = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head, *lines = part.splitlines()
        _, address, kind = head.split()
        found += KINDS[kind](address, lines)
    return found
