#!/usr/bin/env python3
"""Checks that what the documents link to is there, and that they name no file that is not."""
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = "base|capture|dissect|output|plugins|app|tests|samples|docs|scripts"
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
NAME = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")


def missing(page):
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if "://" not in target and not (page.parent / target).exists():
            yield f"link to {target}"
    for target in NAME.findall(text):
        if "NAME" not in target and not any(TOP.glob(target.rstrip("/") + "*")):
            yield f"{target} is named"


def main():
    pages = [page for folder in (".", "docs", "docs/decisions", "samples", "tests/*", "plugins/*")
             for page in sorted(TOP.glob(f"{folder}/*.md"))]
    failures = [f"{page.relative_to(TOP)}: {what}, and is not there"
                for page in pages for what in missing(page)]
    for failure in failures:
        print(failure)
    print(f"{len(pages)} pages, {len(failures)} failures")
    return 1 if failures or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
