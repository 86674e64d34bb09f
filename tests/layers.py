#!/usr/bin/env python3
"""Keeps the house rules that a compiler does not: layers.py [ROOT]

Dependencies point one way, base <- capture <- dissect <- output <- app, and a plugin knows the
contract only; each library is met in its own few files; functions that cannot be used safely are
not used at all; nothing below `app` ends the program, nothing below `output` speaks or asks the
clock; every plugin has its page and its test. docs/architecture.md says why. Every breach is a
line, and the exit status is 1.
"""
import pathlib
import re
import sys
from fnmatch import fnmatch

FOLDERS = ("base", "capture", "dissect", "output", "plugins", "app", "tests")

# What files may include of ours; `*` goes over folders too. What is not listed includes anything:
# app, tests, and the plugins' tests.
MAY_INCLUDE = {
    "base": ["base/*"],
    "capture": ["base/*", "capture/*"],
    "dissect": ["base/*", "dissect/*", "capture/segment.h"],
    "output": ["base/*", "output/*", "dissect/message/content.h", "dissect/message/workers.h"],
}
# The headers that are installed, and so all that a plugin built elsewhere can have.
CONTRACT = [f"base/{name}.h" for name in ("slice", "origin", "arena", "event", "plugin")]

# Whose headers are met where. `*` of a path ends at its folder's files.
LIBRARIES = [
    ("libpcap", r"pcap(\.h|/.*)", ["capture/source-*.c"]),
    ("GMime", r"gmime/.*", ["dissect/message/values.c", "dissect/message/decode.c"]),
    ("OpenSSL", r"openssl/.*", ["dissect/tls/*", "dissect/digest.c"]),
    ("GModule", r"gmodule\.h", ["output/host.c"]),
    ("a decompressor", r"(zlib|zstd|lzma)\.h", ["capture/inflate.c"]),
    ("PCRE2", r"pcre2\.h", ["output/select/regex.c"]),
    ("json-glib", r"json-glib/.*", []),
]

NEVER = {
    "strcpy": "g_strlcpy, or a slice", "stpcpy": "a slice", "strcat": "GString",
    "strncpy": "memcpy with a length", "sprintf": "g_snprintf", "vsprintf": "g_vsnprintf",
    "strtok": "a cursor", "strtok_r": "a cursor", "gets": "a length", "sscanf": "a cursor",
    "scanf": "a cursor", "fscanf": "a cursor", "atoi": "g_ascii_string_to_unsigned",
    "atol": "g_ascii_string_to_unsigned", "atoll": "g_ascii_string_to_unsigned",
    "atof": "a parser that can fail", "alloca": "the heap", "g_alloca": "the heap",
    "g_newa": "the heap", "system": "nothing", "popen": "nothing",
}
ENDS = {"exit", "_exit", "abort", "quick_exit", "g_error"}
SPEAKS = {"perror", "puts", "g_print", "g_printerr", "g_warning", "g_message", "g_critical",
          "g_info", "g_debug", "g_log", "syslog"}
CLOCK = {"time", "clock", "clock_gettime", "gettimeofday", "g_get_real_time",
         "g_get_monotonic_time", "g_date_time_new_now_utc"}

# Where a rule gives way, and why.
EXCEPTIONS = {
    # The list of interfaces (`-D`) is printed by what knows them.
    ("capture/source-live.c", "g_print"),
    # Out of memory, as GLib's own allocations end it.
    ("capture/inflate.c", "g_error"),
    # A seed where the system has no randomness; no event depends on it.
    ("dissect/flow.c", "g_get_monotonic_time"),
    # Two numbers of /proc/self/statm.
    ("tests/unit/message/run.c", "sscanf"),
}

# What every plugin's folder has; `common` is none.
PLUGIN_FILES = ("README.md", "meson.build", "test.c")

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
CALL = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*\(")


def without(text, strings):
    """`text` with its comments, and if asked its strings, emptied; lines stay where they are."""
    def empty(match):
        token = match.group(0)
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token[0] + token[0] if strings else token
    return TOKEN.sub(empty, text)


def is_test(path):
    return path.startswith("tests/") or fnmatch(path.rsplit("/", 1)[-1], "test*.[ch]")


def in_list(path, patterns):
    """Whether a pattern fits, folder for folder."""
    return any(path.count("/") == pattern.count("/") and fnmatch(path, pattern)
               for pattern in patterns)


def may_include(path, header):
    layer = path.split("/", 1)[0]
    if layer == "plugins":
        own = path.rsplit("/", 1)[0]
        return (header in CONTRACT or header.startswith(own + "/")
                or header.startswith("plugins/common/"))
    allowed = MAY_INCLUDE.get(layer)
    return allowed is None or any(fnmatch(header, pattern) for pattern in allowed)


def check_includes(path, text, exists):
    for number, line in enumerate(without(text, strings=False).split("\n"), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        ours, theirs = match.groups()
        if theirs and exists(theirs):
            ours = theirs  # in the wrong brackets it is ours all the same
        if ours:
            if not is_test(path) and exists(ours) and not may_include(path, ours):
                yield number, f"{path.split('/', 1)[0]} must not include {ours}"
            # Ours are named from the top; what meson makes (version.h) is app's.
            if not is_test(path) and not exists(ours) and not path.startswith("app/"):
                yield number, f"{ours} is not named from the top folder, or is not there"
        for library, pattern, places in LIBRARIES:
            name = theirs or ours
            if re.fullmatch(pattern, name) and not is_test(path) and not in_list(path, places):
                where = " or ".join(places) or "tests"
                yield number, f"{library} ({name}) is met in {where} only"


def check_calls(path, text):
    layer = path.split("/", 1)[0]
    for number, line in enumerate(without(text, strings=True).split("\n"), 1):
        for name in CALL.findall(line):
            if (path, name) in EXCEPTIONS:
                continue
            if name in NEVER:
                yield number, f"{name} is not used: take {NEVER[name]}"
            if is_test(path):
                continue
            if name in ENDS and layer != "app":
                yield number, f"{name}: nothing below app ends the program"
            if layer in ("base", "capture", "dissect"):
                if name in SPEAKS:
                    yield number, f"{name}: nothing below output speaks"
                if name in CLOCK:
                    yield number, f"{name}: nothing below output asks the clock, time is packet time"


def check_plugins(root):
    for folder in sorted((root / "plugins").glob("*/")):
        for name in PLUGIN_FILES:
            if folder.name != "common" and not (folder / name).is_file():
                yield f"plugins/{folder.name}: has no {name}"


def check_tree(root):
    root = pathlib.Path(root)
    files = sorted(path for folder in FOLDERS for path in (root / folder).glob("**/*.[ch]"))

    def exists(header):
        return header.split("/", 1)[0] in FOLDERS and (root / header).is_file()

    breaches = list(check_plugins(root))
    for file in files:
        path = file.relative_to(root).as_posix()
        text = file.read_text(encoding="utf-8")
        for number, what in sorted([*check_includes(path, text, exists), *check_calls(path, text)]):
            breaches.append(f"{path}:{number}: {what}")
    return len(files), breaches


def main(arguments):
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent
    n_files, breaches = check_tree(root)
    for breach in breaches:
        print(breach)
    print(f"{n_files} files, {len(breaches)} breaches of the house rules")
    return 1 if breaches or n_files == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
