#!/usr/bin/env python3
"""Compares smtpscope with what other analyzers expect of, or read in, the same captures.

    truth.py SMTPSCOPE

Beside the captures (see check.py) lie expected results: baselines of Zeek's smtp.log, session documents of Arkime, and the
checks of suricata-verify; beside each capture lies what tshark reads. Each value there of a field that smtpscope has too
must be what smtpscope says. Where it is not, truth-differences.tsv says why; a difference that is not there fails the
test, one that is gone is told.
"""
import collections
import json
import pathlib
import re
import sys

import check

HERE = pathlib.Path(__file__).resolve().parent


class Captures:
    """Runs of the program, each made once."""

    def __init__(self, folder, program):
        self.folder, self.program = folder, program
        self.rows = {row["file"]: row for row in check.read_tsv(folder / "CATALOG.tsv")}
        self.schema = check.Schema()
        self.runs = {}

    def sessions(self, name):
        if name not in self.runs:
            run = check.Run(self.program, self.folder / "captures" / name, self.rows[name]["tags"], self.schema)
            self.runs[name] = [Session(events) for events in run.sessions().values()
                               if check.of_type(events, "session")]
        return self.runs[name]

    def named(self, pattern):
        return [name for name in self.rows if re.search(pattern, name)]


class Session:
    def __init__(self, events):
        self.event = check.of_type(events, "session")[0]
        self.messages = check.of_type(events, "message")
        self.commands = check.of_type(events, "command")
        self.replies = check.of_type(events, "reply")
        self.logins = check.of_type(events, "auth")
        self.endpoints = tuple(str(self.event[side][what]) for side in ("client", "server") for what in ("ip", "port"))


def bare(address):
    match = re.search(r"<([^<>]*)>\s*$", address or "")
    return (match[1] if match else address or "").strip().strip("<>")


def header_addresses(values):
    return {bare(value).lower() for value in values if value}


# --- Zeek: a row a transaction ---

def zeek_rows(path):
    names = []
    for line in path.read_text(errors="surrogateescape").splitlines():
        if line.startswith("#fields"):
            names = line.split("\t")[1:]
        elif line[:1] != "#" and names:
            values = [re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), value) for value in line.split("\t")]
            yield {name: None if value == "-" else value for name, value in zip(names, values)}


def zeek_message(session, row):
    """The message of a row: Zeek begins a transaction at MAIL too, but not only there."""
    same = [message for message in session.messages if message["from"] == row["mailfrom"]]
    if len(same) > 1 and row["rcptto"]:
        wanted = set(row["rcptto"].split(","))
        exact = [message for message in same if {each["address"] for each in message["rcpt"]} == wanted]
        depth = int(row["trans_depth"]) - 1
        same = exact or (session.messages[depth:depth + 1] if depth < len(session.messages) else same)
    return same[0] if same else None


def judge_zeek(captures, folder):
    traces = captures.named(r"^timwoj\+zeek/.*(smtp|mail|bdat)") + captures.named(r"^wireshark\+wireshark/.*smtp")
    by_endpoints = collections.defaultdict(list)
    for name in traces:
        for session in captures.sessions(name):
            by_endpoints[session.endpoints].append(session)
    for log in sorted(folder.glob("*/smtp.log")):
        case = log.parent.name.replace("scripts.base.protocols.smtp.", "")
        for number, row in enumerate(zeek_rows(log), 1):
            key = tuple(row[f"id.{side}"] for side in ("orig_h", "orig_p", "resp_h", "resp_p"))
            where = f"{case}#{number}"
            if key not in by_endpoints:    # its capture is not among these
                continue
            results = [list(zeek_row(session, row)) for session in by_endpoints[key]]
            for field, theirs, ours in min(results, key=lambda result: sum(a != b for _, a, b in result)):
                yield where, field, theirs, ours


def zeek_row(session, row):
    message = zeek_message(session, row) if row["mailfrom"] is not None else None
    yield "helo", row["helo"], session.event["client"]["name"]
    yield "tls", row["tls"] == "T", session.event["security"] != "none"
    if row["mailfrom"] is None:
        return
    yield "mailfrom", row["mailfrom"], message and message["from"]
    if not message:
        return
    headers = message["headers"]
    if row["rcptto"]:
        yield "rcptto", set(row["rcptto"].split(",")), {each["address"] for each in message["rcpt"]}
    for field, ours in (("msg_id", headers["message_id"]), ("in_reply_to", headers["in_reply_to"]),
                        ("user_agent", headers["mailer"])):
        if row.get(field):
            yield field, row[field], ours
    if row["subject"] and "=?" not in row["subject"]:
        yield "subject", row["subject"], headers["subject"]
    if row["from"]:
        yield "from", bare(row["from"]).lower(), next(iter(header_addresses(headers["from"])), None)
    if row["last_reply"]:
        codes = [reply["code"] for reply in session.replies]
        yield "last_reply", True, int(row["last_reply"][:3]) in codes
        if message["reply"] and message["stage"] == "end":
            yield "last_reply code", int(row["last_reply"][:3]), message["reply"]["code"]


# --- Arkime: a document a session ---

def judge_arkime(captures, folder):
    for path in sorted(folder.glob("*smtp*.test")):
        case = path.stem
        names = captures.named(rf"^arkime\+arkime/.*/{re.escape(case)}\.pcap")
        if not names:
            continue
        sessions = {session.endpoints: session for session in captures.sessions(names[0])}
        for document in json.loads(path.read_text())["sessions3"]:
            body = document["body"]
            if "email" not in body:
                continue
            key = (body["source"]["ip"], str(body["source"]["port"]), body["destination"]["ip"],
                   str(body["destination"]["port"]))
            if key not in sessions:    # not on a port of SMTP: a proxy's
                continue
            for field, theirs, ours in arkime_session(sessions[key], body):
                yield case, field, theirs, ours


def arkime_session(session, body):
    email, messages = body["email"], session.messages
    yield "community_id", body["network"]["community_id"], session.event["community_id"]
    if "smtpHello" in email:
        yield "smtpHello", email["smtpHello"][-1].lower(), (session.event["client"]["name"] or "").lower()
    both = {message["from"].lower() for message in messages if message["from"]}
    for message in messages:
        both |= header_addresses(message["headers"]["from"])
    if "src" in email:
        yield "src", set(), {value.lower() for value in email["src"]} - both
    both = {each["address"].lower() for message in messages for each in message["rcpt"]}
    for message in messages:
        both |= header_addresses(message["headers"]["to"] + message["headers"]["cc"])
    if "dst" in email:
        yield "dst", set(), {value.lower() for value in email["dst"]} - both
    subjects = {message["headers"]["subject"] for message in messages}
    if "subject" in email:
        yield "subject", set(), set(email["subject"]) - subjects
    if "id" in email:
        yield "id", set(), set(email["id"]) - {bare(message["headers"]["message_id"]) for message in messages}
    if "useragent" in email:
        yield "useragent", set(), set(email["useragent"]) - {message["headers"]["mailer"] for message in messages}
    if "filename" in email:
        names = {part["filename"] for message in messages for part in message["parts"]}
        yield "filename", set(), set(email["filename"]) - names
    users = {login["username"].lower() for login in session.logins if login["username"]}
    yield "user", set(), {value.lower() for value in body.get("user", [])} - users


# --- suricata-verify: how many transactions match ---

FIELDS = {
    "smtp.mail_from": lambda session, message: message["from"],
    "smtp.helo": lambda session, message: session.event["client"]["name"],
    "email.subject": lambda session, message: message["headers"]["subject"],
    "email.message_id": lambda session, message: message["headers"]["message_id"],
}
LISTS = {
    "smtp.rcpt_to": lambda message: [each["address"] for each in message["rcpt"]],
    "email.to": lambda message: message["headers"]["to"],
    "email.attachment": lambda message: [part["filename"] for part in message["parts"] if part["filename"]],
}


def suricata_filters(text):
    """The filters of a test.yaml: (count, {field: value}) each. Flat enough to be read without a YAML parser."""
    for part in re.split(r"^\s*- filter:", text, flags=re.MULTILINE)[1:]:
        count = re.search(r"^\s*count: (\d+)", part, re.MULTILINE)
        wanted = dict(re.findall(r"^\s+((?:smtp|email)\.[\w.]+(?:\[\d+\])?): (.+?)\s*$", part, re.MULTILINE))
        wanted.pop("email.status", None)
        known = {name.split("[")[0] for name in wanted} <= {*FIELDS, *LISTS, "email.from"}
        if (count and known and {"smtp.mail_from", "email.from"} & set(wanted) and
                re.search(r"event_type: smtp\b", part) and "lt-version" not in part):
            yield int(count[1]), {field: value.strip("'\"") for field, value in wanted.items()}


def suricata_matches(session, message, wanted):
    for field, value in wanted.items():
        name, _, index = field.rstrip("]").partition("[")
        if name in FIELDS:
            if (FIELDS[name](session, message) or "") != (bare(value) if name == "smtp.mail_from" else value):
                return False
        elif name in LISTS and index:
            found = LISTS[name](message)
            if int(index) >= len(found) or bare(found[int(index)]) != bare(value):
                return False
        elif name == "email.from" and bare(value) not in header_addresses(message["headers"]["from"]):
            return False
    return True


def judge_suricata(captures, folder):
    for path in sorted(folder.glob("*.yaml")):
        names = captures.named(rf"/tests/(?:.*/)?{re.escape(path.stem)}/")
        text = path.read_text()
        filters = list(suricata_filters(text))
        if named := re.search(r"^pcap: (?:.*/)?(\S+)$", text, re.MULTILINE):
            names = [name for name in names if name.endswith("/" + named[1])]
        if not names or not filters:
            continue
        both = [(session, message) for session in captures.sessions(names[0]) for message in session.messages]
        for number, (count, wanted) in enumerate(filters, 1):
            ours = sum(suricata_matches(session, message, wanted) for session, message in both)
            yield f"{path.stem}#{number}", " ".join(sorted(wanted)), count, ours


# --- tshark: the commands of captures with logins, refusals, BDAT or pipelining ---

VERBS = {"HELO", "EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "QUIT", "NOOP", "VRFY", "EXPN", "AUTH", "STARTTLS"}


def once(verbs):
    """Lines of a login are commands to smtpscope, and now and then to tshark: they count as one."""
    return [verb for verb, before in zip(verbs, [None, *verbs]) if verb != "AUTH" or before != "AUTH"]


def judge_tshark(captures, folder):
    """tshark's commands are smtpscope's in the same order; it misses some, mostly behind content."""
    for name, row in captures.rows.items():
        path = folder / f"{name}.smtp.tsv"
        if row["cls"] != "smtp" or not re.search("AUTH|BDAT|PIPELIN|refus", row["tags"]) or not path.is_file():
            continue
        theirs = collections.defaultdict(list)
        for line in check.read_tsv(path):
            client = (line["ip.src"] or line["ipv6.src"], line["sport"])
            theirs[client] += [verb.strip().upper() for verb in re.split(r"[,|]", line["smtp.req.command"])]
        # A capture may hold connections of the same client and port; each begins anew.
        ours = collections.defaultdict(list)
        for session in captures.sessions(name):
            ours[session.endpoints[:2]] += [command["verb"] for command in session.commands]
        for client, verbs in theirs.items():
            rest = iter(once(ours.get(client, [])))
            missing = [verb for verb in once([verb for verb in verbs if verb in VERBS]) if verb not in rest]
            if verbs and client in ours:
                yield f"{name} {client[0]}:{client[1]}", "commands", [], missing


def main():
    folder = check.folder()
    if folder is None or len(sys.argv) != 2 or not (folder / "truth" / "peers").is_dir():
        print("no captures with others' expected results: skipped", file=sys.stderr)
        sys.exit(check.SKIP)
    captures = Captures(folder, sys.argv[1])
    known = {(row["peer"], row["case"], row["field"]): row["why"]
             for row in check.read_tsv(HERE / "truth-differences.tsv")}
    used, n_same, n_wrong = set(), 0, 0
    peers = folder / "truth" / "peers"
    for peer, judge, place in (("zeek", judge_zeek, peers / "zeek"), ("arkime", judge_arkime, peers / "arkime"),
                               ("suricata-verify", judge_suricata, peers / "suricata-verify"),
                               ("tshark", judge_tshark, folder / "truth")):
        n_of_peer = 0
        for case, field, theirs, ours in judge(captures, place):
            n_of_peer += 1
            key = (peer, case, field)
            if theirs == ours:
                n_same += 1
            elif key in known:
                used.add(key)
            else:
                n_wrong += 1
                print(f"{peer}\t{case}\t{field}\ttheirs {theirs!r}, ours {ours!r}")
        print(f"# {peer}: {n_of_peer} values compared")
    for key in sorted(set(known) - used):
        print("# no difference any more: " + "\t".join(key))
    print(f"# {n_same} the same, {len(used)} different for a reason, {n_wrong} wrong")
    sys.exit(1 if n_wrong else 0)


if __name__ == "__main__":
    main()
