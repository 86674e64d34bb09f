#!/usr/bin/env python3
"""Runs the commands of README.md: readme.py [--update] SMTPSCOPE

Every line of a block marked `sh` is run by bash in a folder that looks like the checkout after the
build, and must succeed and write something. What cannot run offline has a stand-in: `sudo` runs its
command, an interface is a sample, and `ssh` gives a sample's packets. A block marked `text` is what
the line before it writes; --update puts there what it writes now. The scripts are left to .ci/run.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
README = TOP / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)

SMTPSCOPE = """#!/bin/bash
arguments=()
while (($#)); do
    if [[ $1 == -i && $2 != - ]]; then
        arguments+=(samples/auth-plain-587.pcap)
        shift
    else
        arguments+=("$1")
    fi
    shift
done
exec "$SMTPSCOPE" "${arguments[@]}"
"""
STAND_INS = {
    "build/smtpscope": SMTPSCOPE,
    "bin/sudo": '#!/bin/sh\nexec "$@"\n',
    "bin/ssh": "#!/bin/sh\ncat samples/plain-delivery.pcap\n",
}


def make_folder(folder):
    for name, text in STAND_INS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    (folder / "out").mkdir()
    (folder / "samples").symlink_to(TOP / "samples")


def run(line, folder, smtpscope):
    environment = dict(os.environ, SMTPSCOPE=smtpscope, LC_ALL="C.UTF-8",
                       PATH=f"{folder / 'bin'}:{os.environ['PATH']}")
    return subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=folder, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def main(arguments):
    update = arguments[0] == "--update"
    smtpscope = str(pathlib.Path(arguments[-1]).resolve())
    readme = README.read_text(encoding="utf-8")
    written, failures, n_run, output = readme, 0, 0, ""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_folder(folder)
        for kind, text in BLOCK.findall(readme):
            if kind == "text":
                written = written.replace(f"```text\n{text}```", f"```text\n{output}```")
                if text != output and not update:
                    print("not ok: README.md shows another output; run scripts/update-docs")
                    failures += 1
                continue
            for line in text.splitlines():
                if kind != "sh" or line.startswith("scripts/"):
                    print(f"left out: {line}")
                    continue
                if "jq " in line and not shutil.which("jq"):
                    print(f"left out, there is no jq: {line}")
                    continue
                files = set((folder / "out").rglob("*"))
                result = run(line, folder, smtpscope)
                output = result.stdout
                n_run += 1
                writes = bool(output) or files != set((folder / "out").rglob("*"))
                if result.returncode != 0 or not writes:
                    print(f"not ok: {line}\nexit status {result.returncode}\n{result.stderr}")
                    failures += 1
                else:
                    print(f"ok: {line}")
    if update:
        README.write_text(written, encoding="utf-8")
    print(f"{n_run} commands run, {failures} failures")
    return 1 if failures or n_run == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
