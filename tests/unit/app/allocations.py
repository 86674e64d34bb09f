#!/usr/bin/python3
"""What counting sessions costs in allocations: so many for each message, and no more.

Usage: allocations.py SMTPSCOPE COUNT-MALLOC.so MAKE-CAPTURES

Two captures of known sizes are read with `events=session`; the difference of the allocations, by the difference of the
messages, is what one message and its share of a session cost. It may grow only if somebody says why.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MOST = 30


def count(program, counter, capture, folder):
    done = subprocess.run([program, "-q", "-o", f"json:{folder}/out,events=session", capture], capture_output=True,
                          env={**os.environ, "LD_PRELOAD": counter, "G_SLICE": "always-malloc"}, check=True)
    return int(re.search(rb"^allocations (\d+)$", done.stderr, re.MULTILINE)[1])


def main():
    program, counter, make_captures = sys.argv[1:]
    if b"__asan_init" in Path(program).read_bytes():
        print("skipped: a sanitizer counts its own allocations")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        figures = []
        for size in 1, 4:
            place = Path(folder, str(size))
            subprocess.run([make_captures, "--size", str(size), place, "small"], check=True, stdout=subprocess.DEVNULL)
            about = json.loads((place / "small.json").read_text())
            figures.append((about["messages"], count(program, counter, place / "small.pcap", folder)))
    (messages, less), (more_messages, more) = figures
    each = (more - less) / (more_messages - messages)
    print(f"{each:.1f} allocations a message, at most {MOST}")
    return 0 if each <= MOST else 1


sys.exit(main())
