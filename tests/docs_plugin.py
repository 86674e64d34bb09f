#!/usr/bin/env python3
"""Builds the plugin that docs/plugins.md shows, and has it loaded: docs_plugin.py SMTPSCOPE [PREFIX]

It is built as the page says, with the flags of smtpscope-plugin.pc, where smtpscope is installed
under PREFIX. Without PREFIX it gets a folder with the headers that are installed, and no others.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
HEADERS = re.search(r"install_headers\((.*?)subdir", (TOP / "meson.build").read_text(), re.S)
SAMPLE = TOP / "samples" / "large-attachment.pcap"
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]


def flags_of(package, *more):
    words = subprocess.run(["pkg-config", *more, "--cflags", package], check=True,
                           capture_output=True, text=True).stdout
    return words.split()


def installed_flags(prefix):
    pc = next(prefix.rglob("smtpscope-plugin.pc"))
    os.environ["PKG_CONFIG_PATH"] = str(pc.parent)
    return flags_of("smtpscope-plugin", f"--define-variable=prefix={prefix}")


def header_flags(folder):
    for header in re.findall(r"'([^']+\.h)'", HEADERS.group(1)):
        (folder / header).parent.mkdir(exist_ok=True)
        shutil.copy(TOP / header, folder / header)
    return ["-I", str(folder), *flags_of("glib-2.0")]


def main(smtpscope, prefix=None):
    page = (TOP / "docs" / "plugins.md").read_text(encoding="utf-8")
    source = re.search(r"^```c\n(.*?)^```$", page, re.M | re.S).group(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "message-large.c").write_text(source, encoding="utf-8")
        flags = installed_flags(pathlib.Path(prefix).resolve()) if prefix else header_flags(folder)
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-Wl,-z,defs", *WARNINGS,
                        *flags, "-o", "message-large.so", "message-large.c"], cwd=folder, check=True)
        results = []
        for limit in ("100000", "10000000"):
            results.append(subprocess.run(
                [smtpscope, "--plugin-dir", name, "-o", f"message-large,size={limit}",
                 "-o", "json,events=finding", str(SAMPLE)],
                check=True, capture_output=True, text=True))
    for result in results:
        assert "message-large.so" not in result.stderr, result.stderr
    over, under = (result.stdout for result in results)
    assert '"id":"message.large"' in over and '"limit":100000}' in over, over
    assert "message.large" not in under, under


if __name__ == "__main__":
    main(*sys.argv[1:])
