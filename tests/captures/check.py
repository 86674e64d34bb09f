#!/usr/bin/env python3
"""Runs smtpscope over captures by other people and compares it with what others read in them.

    check.py [--update] SMTPSCOPE [CAPTURE…]

The captures are in the folder $SS_PCAPS names, else in ../shared/pcaps beside the checkout; without
one the test is skipped. For each:

  - the program ends with 0, or with 3 for a damaged file, and no sanitizer speaks;
  - every line of JSON is valid by docs/events.schema.json;
  - replies, envelopes and contents are those that tshark and a simple extractor read. Where
    smtpscope is right and they are not, differences.tsv says why;
  - sessions, messages, logins and findings are as many as counts.tsv says (--update writes it anew;
    look at its diff).
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SKIP = 77
PORTS = ["24", "25", "465", "587", "1025", "1224", "2525"]
SANITIZERS = re.compile(rb"Sanitizer|runtime error:|WARNING: ThreadS")
OUTCOMES = ["accepted", "rejected", "deferred", "incomplete", "unknown"]


def folder():
    """The folder of captures, or None."""
    named = os.environ.get("SS_PCAPS")
    places = [pathlib.Path(named)] if named else [ROOT.parent / "shared" / "pcaps"]
    return next((place for place in places if (place / "CATALOG.tsv").is_file()), None)


def read_tsv(path):
    """The rows of a table with a header line, `#` remarks left out."""
    if not path.is_file():
        return []
    lines = [line for line in path.read_text(errors="replace").splitlines() if line[:1] != "#"]
    if not lines:
        return []
    names = lines[0].split("\t")
    rows = [line.split("\t") for line in lines[1:] if line]
    return [dict(zip(names, row)) for row in rows if len(row) == len(names)]


class Schema:
    """docs/events.schema.json; without it or jsonschema only the JSON is checked."""

    def __init__(self):
        self.validator = None
        path = ROOT / "docs" / "events.schema.json"
        try:
            import jsonschema
        except ImportError:
            print("no python3-jsonschema: the schema is not checked", file=sys.stderr)
            return
        if not path.is_file():
            print("no docs/events.schema.json: the schema is not checked", file=sys.stderr)
            return
        schema = json.loads(path.read_text())
        self.validator = jsonschema.validators.validator_for(schema)(schema)

    def errors(self, event):
        if self.validator is None:
            return []
        return ["%s: %s" % ("/".join(map(str, e.path)), e.message[:200])
                for e in self.validator.iter_errors(event)]


class Run:
    """One run of the program over one capture."""

    def __init__(self, program, capture, tags, schema):
        self.problems = []
        self.events = []
        self.stderr = ""
        ports = list(PORTS)
        ports += [m for m in re.findall(r"(?:nonstd-)?port-(\d+)", tags) if m not in ports]
        with tempfile.TemporaryDirectory() as tmp:
            out = pathlib.Path(tmp) / "events.json"
            command = [program, "--no-progress", "--ports", ",".join(ports),
                       "-o", "json:%s,events=all" % out, str(capture)]
            try:
                done = subprocess.run(command, capture_output=True, timeout=120)
            except subprocess.TimeoutExpired:
                self.problems.append("no end within 120 s")
                self.status = -1
                return
            self.status = done.returncode
            self.stderr = done.stderr.decode(errors="replace").strip()
            if SANITIZERS.search(done.stderr):
                self.problems.append(done.stderr.decode(errors="replace")[:2000])
            if out.is_file():
                self.read(out.read_bytes(), schema)

    def read(self, data, schema):
        for number, line in enumerate(data.splitlines(), 1):
            try:
                event = json.loads(line.decode("utf-8"))
            except ValueError as error:
                self.problems.append("line %d of the JSON: %s" % (number, error))
                continue
            self.events.append(event)
            self.problems += ["line %d of the JSON: %s" % (number, e)
                              for e in schema.errors(event)[:3]]

    def sessions(self):
        """Events by session, in order."""
        by_session = collections.OrderedDict()
        for event in self.events:
            if event.get("session") is not None:
                by_session.setdefault(event["session"], []).append(event)
        return by_session

    def counts(self):
        tally = collections.Counter(event["type"] for event in self.events)
        outcomes = collections.Counter(e["outcome"] for e in self.events if e["type"] == "message")
        found = collections.Counter(e["id"] for e in self.events if e["type"] == "finding")
        return {
            "exit": str(self.status),
            "sessions": str(tally["session"]),
            "messages": " ".join("%s=%d" % (o, outcomes[o]) for o in OUTCOMES if outcomes[o]),
            "auth": str(tally["auth"]),
            "tls": str(tally["tls"]),
            "findings": " ".join("%s=%d" % item for item in sorted(found.items())),
        }


def of_type(events, name):
    return [event for event in events if event["type"] == name]


def codes_of(events):
    """Reply codes; a line that is no reply has none."""
    return [event["code"] for event in of_type(events, "reply") if event["code"] is not None]


def endpoints(events):
    """`client`, `server` of a session as `ip:port`, by its session event."""
    for event in of_type(events, "session"):
        return tuple("%s:%d" % (event[side]["ip"], event[side]["port"])
                     for side in ("client", "server"))
    return None


def path_of(argument):
    """What is between the brackets of `FROM:<…>`, or the first word without brackets."""
    text = argument.split(":", 1)[-1].strip()
    if text.startswith("<"):
        return text[1:].split(">", 1)[0]
    return text.split(" ", 1)[0]


class Theirs:
    """What others read in a capture: by stream, (client, server) and lists to compare."""

    def __init__(self, place, capture):
        self.reference = self.read_reference(place / "truth" / (capture + ".ref.json"))
        self.tshark = self.read_tshark(place / "truth" / (capture + ".smtp.tsv"))

    @staticmethod
    def read_reference(path):
        if not path.is_file():
            return []
        streams = []
        for stream in json.loads(path.read_text(errors="replace")):
            mails = [{
                "from": path_of(mail["mail"]) if mail["mail"] is not None else None,
                "rcpt": [path_of(rcpt) for rcpt in mail["rcpt"]],
                "reply": mail["reply"], "complete": mail["complete"],
                "size": mail["size"], "sha256": mail["sha256"],
            } for mail in stream["mails"]]
            at = tuple(re.sub(r"[][]", "", stream[side]) for side in ("client", "server"))
            streams.append({"at": at, "codes": stream["codes"], "mails": mails})
        return streams

    @staticmethod
    def read_tshark(path):
        streams = collections.OrderedDict()
        for row in read_tsv(path):
            stream = streams.setdefault(row["tcp.stream"], {"codes": [], "commands": [], "at": None})
            ends = ["%s:%s" % (row["ip.src"] or row["ipv6.src"], row["sport"]),
                    "%s:%s" % (row["ip.dst"] or row["ipv6.dst"], row["dport"])]
            if row["smtp.response.code"]:
                codes = re.split(r"[|,]", row["smtp.response.code"])
                stream["codes"] += [int(code) for code in codes if code.isdigit()]
                stream["at"] = stream["at"] or (ends[1], ends[0])
            elif row["smtp.req.command"]:
                stream["at"] = stream["at"] or (ends[0], ends[1])
            for line in re.split(r"(?:\\r)?\\n\|?", row["smtp.command_line"]):
                verb, _, argument = line.partition(" ")
                if verb.upper() in ("MAIL", "RCPT"):
                    stream["commands"].append((verb.upper(), path_of(argument)))
        return list(streams.values())


def session_at(sessions, at):
    for events in sessions.values():
        if at and endpoints(events) == at:
            yield events


def compare(run, theirs):
    """Yields (source, client, what, ours, theirs) where they differ."""
    if run.status not in (0, 3):
        yield "contract", "", "exit", run.status, "0 or 3"
    sessions = run.sessions()
    used = collections.Counter()

    def find(source, at):
        found = list(session_at(sessions, at))
        used[source, at] += 1
        return found[min(used[source, at], len(found)) - 1] if found else None

    for stream in theirs.tshark:
        if not stream["codes"] and not stream["commands"]:
            continue
        ours = find("tshark", stream["at"])
        client = stream["at"][0]
        if ours is None:
            yield "tshark", client, "session", "none", "codes %s" % stream["codes"][:8]
            continue
        codes = codes_of(ours)
        if codes != stream["codes"]:
            yield "tshark", client, "codes", codes, stream["codes"]
        commands = [(event["verb"], path_of(event["argument"] or ""))
                    for event in of_type(ours, "command") if event["verb"] in ("MAIL", "RCPT")]
        missing = [command for command in stream["commands"] if command not in commands]
        if missing:
            yield "tshark", client, "envelope", commands, missing

    for stream in theirs.reference:
        ours = find("reference", stream["at"])
        client = stream["at"][0]
        if ours is None:
            if stream["codes"] or stream["mails"]:
                yield "reference", client, "session", "none", "codes %s" % stream["codes"][:8]
            continue
        codes = codes_of(ours)
        if codes != stream["codes"]:
            yield "reference", client, "codes", codes, stream["codes"]
        mails = [event for event in of_type(ours, "message")
                 if event["transfer"] and (event["size"] or event["stage"] == "end")]
        if len(mails) != len(stream["mails"]):
            yield "reference", client, "messages", len(mails), len(stream["mails"])
        for event, mail in zip(mails, stream["mails"]):
            yield from compare_mail(client, event, mail)


def compare_mail(client, event, mail):
    name = "message %d " % event["index"]
    ours = {
        "from": event["from"],
        "rcpt": [rcpt["address"] for rcpt in event["rcpt"]],
        "reply": event["reply"]["code"] if event["reply"] else None,
        "size": event["size"],
        "sha256": event["sha256"],
    }
    for key, value in ours.items():
        if value != mail[key]:
            yield "reference", client, name + key, value, mail[key]


def flat(value):
    """A value as one cell of a table, not too long."""
    text = re.sub(r"[\t\r\n]", " ", str(value))
    return text if len(text) <= 100 else text[:97] + "…"


def write_counts(path, rows):
    names = ["capture", "exit", "sessions", "messages", "auth", "tls", "findings"]
    lines = ["# What smtpscope finds in the captures; `check.py --update` writes this file."]
    lines += ["\t".join(names)]
    lines += ["\t".join([name] + [row[key] for key in names[1:]])
              for name, row in sorted(rows.items())]
    path.write_text("\n".join(lines) + "\n")


def main(arguments):
    update = "--update" in arguments
    arguments = [argument for argument in arguments if argument != "--update"]
    if not arguments:
        print(__doc__)
        return 2
    program, only = arguments[0], set(arguments[1:])
    place = folder()
    if place is None:
        print("SKIP: no captures; set SS_PCAPS to the folder that has their CATALOG.tsv")
        return SKIP

    schema = Schema()
    expected = {row["capture"]: row for row in read_tsv(HERE / "counts.tsv")}
    listed = {(row["capture"], row["source"], row["client"], row["what"], row["ours"],
               row["theirs"]): row["reason"] for row in read_tsv(HERE / "differences.tsv")}
    seen, counts, failures = set(), {}, 0
    catalog = [row for row in read_tsv(place / "CATALOG.tsv") if not only or row["file"] in only]
    for row in catalog:
        name = row["file"]
        run = Run(program, place / "captures" / name, row["tags"], schema)
        problems = list(run.problems)
        for source, client, what, ours, theirs in compare(run, Theirs(place, name)):
            key = (name, source, client, what, flat(ours), flat(theirs))
            seen.add(key)
            if key not in listed:
                problems.append("not in differences.tsv: " + "\t".join(key))
                if what == "exit":
                    problems.append(run.stderr[:300])
        counts[name] = run.counts()
        if not update:
            for key, value in counts[name].items():
                was = expected.get(name, {}).get(key, "nothing")
                if was != value:
                    problems.append("%s: %s, counts.tsv says %s" % (key, value or "none",
                                                                    was or "none"))
        if problems:
            failures += 1
            print("not ok - %s" % name)
            for problem in problems[:20]:
                print("#   " + problem.replace("\n", "\n#   "))
    for key in sorted(set(listed) - seen):
        if not only or key[0] in only:
            print("# no longer differs: " + "\t".join(key))
    if update:
        write_counts(HERE / "counts.tsv", {**({} if not only else expected), **counts})
    print("%d captures, %d not ok, %d known differences" % (
        len(catalog), failures, len(seen & set(listed))))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
