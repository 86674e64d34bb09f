#!/usr/bin/python3
"""Look-alikes of the end of data, each with nothing, a command, and a server that splits behind it; and clean messages.

Usage: smuggling.py DIALOGUE

TAP on standard output. Each look-alike is played as a dialogue file. Clean messages, full of what is nearly one, must
have no finding of these detectors at all.
"""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SEED = 20231218
CLEAN = 5000
IN_ONE_SESSION = 500

# What looks like CRLF . CRLF, and how the finding names it: nine that the first tools to look for servers that split
# tried, and six more; then some that are made of the same.
VARIANTS = {
    "LF . LF": b"\n.\n",
    "LF . CR": b"\n.\r",
    "CR . LF": b"\r.\n",
    "CR . CR": b"\r.\r",
    "LF . CRLF": b"\n.\r\n",
    "CR . CRLF": b"\r.\r\n",
    "CRLF . CRCRLF": b"\r\n.\r\r\n",
    "CRCRLF . CRCRLF": b"\r\r\n.\r\r\n",
    "CRLF NUL . CRLF": b"\r\n\0.\r\n",
    "CRLF . LF": b"\r\n.\n",
    "CRLF . CR": b"\r\n.\r",
    "CRLF NUL . NUL CRLF": b"\r\n\0.\0\r\n",
    "LF NUL . LF": b"\n\0.\n",
    "CRLF SP . CRLF": b"\r\n .\r\n",
    "CRLF . VT CRLF": b"\r\n.\x0b\r\n",
}
MORE = {
    "CRLF IAC . CRLF": b"\r\n\xff.\r\n",
    "CRLF . IAC CRLF": b"\r\n.\xff\r\n",
    "CRLF . NUL CRLF": b"\r\n.\0\r\n",
    "LF . CRCRLF": b"\n.\r\r\n",
    "CR NUL . CR": b"\r\0.\r",
}

HEAD = """events: message session finding
findings: smtp.smuggling smtp.bare-newline smtp.syntax smtp.8bit

S: 220 mx.b.example ESMTP
C: EHLO client.a.example
S: 250-mx.b.example
S: 250-PIPELINING
S: 250 8BITMIME
"""
ENVELOPE = """C: MAIL FROM:<ann@a.example>
S: 250 ok
C: RCPT TO:<bob@b.example>
S: 250 ok
C: DATA
S: 354 go
"""
COMMANDS = [b"MAIL FROM:<admin@b.example>", b"RCPT TO:<carol@b.example>", b"DATA"]
SPLIT = "S: 250 sender ok\nS: 250 recipient ok\nS: 354 go\nS: 250 queued as 2\n"


def escape(data):
    return "".join(f"\\x{byte:02x}" if byte < 0x21 or byte >= 0x7F or byte == 0x5C else chr(byte) for byte in data)


def play(dialogue, text, folder):
    path = Path(folder) / "session.t"
    path.write_text(text)
    ran = subprocess.run([dialogue, "--print", path], capture_output=True, text=True, check=True)
    events = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    return {kind: [event for event in events if event["type"] == kind] for kind in ("message", "finding", "session")}


def content(data):
    return f"C= {escape(data)}\n"


def check(events, name, grade, accepted):
    """What is wrong with a session that has one message with that look-alike in it, or None."""
    smuggling = [event for event in events["finding"] if event["id"] == "smtp.smuggling"]
    bare = [event for event in events["finding"] if event["id"] == "smtp.bare-newline"]
    if len(events["message"]) != 1 or events["message"][0]["outcome"] != "accepted":
        return "it is not one message that was accepted"
    if events["session"][0]["state"] != "complete":
        return "the reply to QUIT was taken for another"
    if grade is None:
        if smuggling or len(bare) != 1:
            return "it is not one finding of a bare newline"
        return None if bare[0]["detail"]["look_alike"] == name else f"it is called {bare[0]['detail']['look_alike']}"
    if len(smuggling) != 1 or smuggling[0]["severity"] != "high" or smuggling[0]["message"] != 1:
        return "it is not one finding of smuggling"
    detail = smuggling[0]["detail"]
    wanted = {
        "grade": grade,
        "look_alike": name,
        "command": "MAIL",
        "from": "admin@b.example",
        "rcpt": ["carol@b.example"],
        "hidden_messages": 1,
        "hidden_commands": 4,
        "hidden_size": len(hidden_content(name)),
        "hidden_accepted": accepted,
    }
    wrong = [f"{key} is {detail[key]}" for key, value in wanted.items() if detail[key] != value]
    return "; ".join(wrong) or None


def line_end_of(name):
    """That of a server which takes this for the end: it takes the same for the end of a line."""
    last = name.split()[-1]
    return {"LF": b"\n", "CR": b"\r"}.get(last, b"\r\n")


def hidden_content(name):
    """As such a server sees it: up to the true end, which needs a CRLF before it."""
    text = b"hidden" + line_end_of(name)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def play_variants(dialogue, folder):
    for name, data in {**VARIANTS, **MORE}.items():
        line_end = line_end_of(name)
        behind = data + line_end.join(COMMANDS) + line_end + hidden_content(name)
        quit_alone = "C: .\nS: 250 queued as 1\nC: QUIT\nS: 221 bye\n"
        quit_behind = f"C: .\nC: QUIT\nS: 250 queued as 1\n{SPLIT}S: 221 bye\n"
        kinds = {
            "nothing": (content(b"text" + data + b"more text\r\n") + quit_alone, None, False),
            "a command": (content(b"text" + behind) + quit_alone, "command-follows", False),
            "a command, and the server splits": (content(b"text" + behind) + quit_behind, "split", True),
        }
        for kind, (text, grade, accepted) in kinds.items():
            events = play(dialogue, HEAD + ENVELOPE + text, folder)
            wrong = check(events, name, grade, accepted)
            yield f"{name}, behind it {kind}", wrong


# --- clean messages ---

WORDS = "the mail . .. ... of to and a.b 3.14 .profile ./run etc. § e.g. -- > From MAIL RCPT DATA QUIT dot\tdot".split(" ")
QUOTED = [
    "MAIL FROM:<eve@a.example>", "RCPT TO:<bob@b.example>", "DATA", "QUIT", "RSET", "EHLO a.example", ".", "..",
    "250 ok", "354 go", "> .", ". .", ".MAIL FROM:<eve@a.example>", "mail from:<eve@a.example>", "", "", ". ", ".\t",
]


def clean_message(rand):
    lines = ["Subject: " + " ".join(rand.choices(WORDS, k=4)), ""]
    for _ in range(rand.randrange(1, 12)):
        kind = rand.randrange(4)
        if kind == 0:
            lines.append(rand.choice(QUOTED))
        elif kind == 1:
            lines += [".", rand.choice(QUOTED), rand.choice(QUOTED)]
        elif kind == 2:
            lines.append("." * rand.randrange(80) + rand.choice(["", " ", "x" * rand.randrange(900)]))
        else:
            lines.append(" ".join(rand.choices(WORDS, k=rand.randrange(1, 20))))
    stuffed = ["." + line if line.startswith(".") else line for line in lines]
    return "".join(line + "\r\n" for line in stuffed).encode()


def play_clean(dialogue, folder):
    rand = random.Random(SEED)
    for first in range(0, CLEAN, IN_ONE_SESSION):
        text = HEAD
        for _ in range(IN_ONE_SESSION):
            text += ENVELOPE + content(clean_message(rand)) + "C: .\nS: 250 ok\n"
        events = play(dialogue, text + "C: QUIT\nS: 221 bye\n", folder)
        wrong = None
        if len(events["message"]) != IN_ONE_SESSION:
            wrong = f"{len(events['message'])} messages"
        elif events["finding"]:
            wrong = events["finding"][0]["summary"]
        yield f"clean messages from {first}", wrong


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        for play_all in (play_variants, play_clean):
            for what, wrong in play_all(sys.argv[1], folder):
                n += 1
                print(f"{'not ok' if wrong else 'ok'} {n} - {what}", flush=True)
                if wrong:
                    print(f"# {wrong}")
    print(f"1..{n}")


main()
