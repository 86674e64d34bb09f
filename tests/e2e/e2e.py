"""What the end-to-end tests share: checks that print TAP lines, runs of the program, and a scratch folder.

Every test is called `TEST SMTPSCOPE SOURCE-ROOT`, prints a line a check (`ok 1 - …`, `not ok 2 - …` with the reason
behind it) and ends with 0, 1 where a check failed, or 77 where its means are absent.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77


class Test:
    def __init__(self, argv=None):
        argv = sys.argv if argv is None else argv
        if len(argv) != 3:
            sys.exit(f"usage: {argv[0]} SMTPSCOPE SOURCE-ROOT")
        self.smtpscope = str(Path(argv[1]).resolve())
        self.root = Path(argv[2]).resolve()
        self.samples = self.root / "samples"
        self.checks = self.failures = 0
        self._folder = tempfile.TemporaryDirectory(prefix="smtpscope-e2e-")
        self.scratch = Path(self._folder.name)

    def check(self, holds, name, reason=""):
        self.checks += 1
        self.failures += not holds
        print(f"{'ok' if holds else 'not ok'} {self.checks} - {name}", flush=True)
        if not holds and reason:
            for line in str(reason).splitlines()[:20]:
                print(f"#   {line[:1000]}")
        return holds

    def equal(self, found, wanted, name):
        return self.check(found == wanted, name, f"found  {found!r}\nwanted {wanted!r}")

    def note(self, text):
        print(f"# {text}", flush=True)

    def run(self, *arguments, **options):
        """Runs smtpscope to its end; its output and complaints as bytes."""
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("timeout", 60)
        command = [self.smtpscope, *map(str, arguments)]
        return subprocess.run(command, stdout=options.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **options)

    def start(self, *arguments, **options):
        command = [self.smtpscope, *map(str, arguments)]
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        return subprocess.Popen(command, stderr=subprocess.PIPE, **options)

    def events(self, *arguments, events="all"):
        """What it says of captures, as JSON; its exit status must be 0."""
        result = self.run(*arguments, "-o", f"json:-,events={events}")
        if result.returncode != 0:
            raise RuntimeError(f"exit status {result.returncode}: {result.stderr.decode(errors='replace')}")
        return parse_events(result.stdout)

    def finish(self):
        print(f"1..{self.checks}")
        self._folder.cleanup()
        sys.exit(1 if self.failures else 0)


def skip(reason):
    print(f"1..0 # SKIP {reason}")
    print(f"SKIPPED: {reason}", file=sys.stderr)
    sys.exit(SKIPPED)


def parse_events(data):
    """Lines of JSON; the last must be complete like all others."""
    if data and not data.endswith(b"\n"):
        raise ValueError("the last line of JSON is not complete")
    return [json.loads(line) for line in data.splitlines()]


def of_type(events, *types):
    return [event for event in events if event["type"] in types]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def one_line(stderr):
    """Whether a complaint is one line in the program's name."""
    text = stderr.decode(errors="replace")
    return text.startswith("smtpscope: ") and text.count("\n") == 1 and text.endswith("\n")


def is_root():
    return os.geteuid() == 0
