#!/usr/bin/env python3
"""Compares the man page with the program: docs_man.py SMTPSCOPE

The options of --help are those that the page describes, long and short, and so are the outputs of
--list-plugins. mandoc must have nothing to warn of, where it is there.
"""
import pathlib
import re
import shutil
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "man" / "smtpscope.1"


def printed(smtpscope, option):
    return subprocess.run([smtpscope, option], check=True, capture_output=True, text=True).stdout


def main(smtpscope):
    page = PAGE.read_text(encoding="utf-8")
    failures = []

    shown = printed(smtpscope, "--help")
    options = {name for line in re.findall(r"^  (-.*)$", shown, re.M)
               for name in re.findall(r"(?:^|, )(--?[a-zA-Z][a-z-]*)", line.split("  ")[0])}
    section = page[page.index(".Sh OPTIONS"):page.index(".Sh OUTPUTS")]
    items = re.findall(r"^\.It (Fl .*)$", section, re.M)
    described = {"-" + name for item in items for name in re.findall(r"Fl (-?[a-zA-Z][a-z-]*)", item)}
    failures += [f"{name}: is in --help and not in the page" for name in sorted(options - described)]
    failures += [f"{name}: is in the page and not in --help" for name in sorted(described - options)]

    listed = printed(smtpscope, "--list-plugins").split("\nDetectors")[0]
    outputs = set(re.findall(r"^  ([a-z][a-z-]*)(?::|$)", listed, re.M))
    section = page[page.index(".Sh OUTPUTS"):page.index(".Sh ENVIRONMENT")]
    described = set(re.findall(r"^\.It Cm ([a-z-]+)", section, re.M))
    failures += [f"{name}: is an output, and not in the page" for name in sorted(outputs - described)]
    failures += [f"{name}: is in the page, and no output" for name in sorted(described - outputs)]

    if shutil.which("mandoc"):
        lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", str(PAGE)], check=False,
                              capture_output=True, text=True)
        failures += lint.stdout.splitlines()
    else:
        print("there is no mandoc: the page's form is not checked")

    for failure in failures:
        print(failure)
    print(f"{len(options)} options, {len(outputs)} outputs, {len(failures)} failures")
    return 1 if failures or not options or not outputs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
