#!/usr/bin/env python3
"""Compares a page in docs/ with what the program prints for it: docs_made.py PRINT-DOCS PAGE FILE"""
import difflib
import pathlib
import subprocess
import sys

print_docs, page, path = sys.argv[1:]
made = subprocess.run([print_docs, page], check=True, capture_output=True, text=True).stdout
there = pathlib.Path(path).read_text(encoding="utf-8")
if there != made:
    sys.stdout.writelines(difflib.unified_diff(there.splitlines(True), made.splitlines(True),
                                               f"docs/{page}", "as it is made now"))
    sys.exit("run scripts/update-docs")
