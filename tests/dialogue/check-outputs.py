#!/usr/bin/env python3
"""Runs smtpscope over every dialogue as a capture file, with every output.

    check-outputs.py DIALOGUE SMTPSCOPE FILE-OR-FOLDER…

The program ends with 0, no sanitizer speaks, every line of JSON is valid by
docs/events.schema.json, and no `secret:` of a dialogue is in any output or on standard error, be it
plain, in hexadecimal or within base64. With --show-secrets the JSON does show them: so the search
would find what it looks for.
"""
import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUTPUTS = {
    "json": "json:{tmp}/json,events=all",
    "timeline": "timeline:{tmp}/timeline",
    "eml": "eml:{tmp}/eml",
    "packets": "packets:{tmp}/packets,detail=1",
    "summary": "summary:{tmp}/summary",
    "credentials": "credentials:{tmp}/credentials",
}
VARIANTS = [
    "timeline:{tmp}/transcript,format=transcript",
    "timeline:{tmp}/csv,format=csv",
    "timeline:{tmp}/jsonl,format=jsonl",
]


def forms(secret):
    """How a secret would look if it leaked."""
    raw = secret.encode()
    found = [raw, raw.hex().encode(), raw.hex().upper().encode()]
    for skip in range(3):
        encoded = base64.b64encode(b"xx"[:skip] + raw).rstrip(b"=")
        # The characters at the ends depend on the neighbours.
        found.append(encoded[0 if skip == 0 else skip + 1:(skip + len(raw)) * 8 // 6])
    return found


def secrets_of(path):
    return re.findall(r"^secret: *(.*)$", path.read_text(errors="replace"), re.M)


def available(program):
    listed = subprocess.run([program, "--list-plugins"], capture_output=True, text=True).stdout
    names = [name for name in OUTPUTS if re.search(r"^\s*%s\b" % name, listed, re.M)]
    for name in OUTPUTS:
        if name not in names:
            print("# no output `%s` yet" % name)
    return names


def ports_of(path):
    text = path.read_text(errors="replace")
    if re.search(r"^ports: all$", text, re.M):
        return "all"
    port = re.search(r"^port: *(\d+)$", text, re.M)
    return "25,465,587,2525" + ("," + port.group(1) if port else "")


def load_schema():
    path = ROOT / "docs" / "events.schema.json"
    try:
        import jsonschema
    except ImportError:
        print("# no python3-jsonschema: the schema is not checked")
        return None
    if not path.is_file():
        print("# no docs/events.schema.json: the schema is not checked")
        return None
    schema = json.loads(path.read_text())
    return jsonschema.validators.validator_for(schema)(schema)


def check_json(path, validator):
    problems = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            event = json.loads(line.decode("utf-8"))
        except ValueError as error:
            problems.append("JSON line %d: %s" % (number, error))
            continue
        if validator is not None:
            problems += ["JSON line %d: %s: %s" % (number, "/".join(map(str, e.path)),
                                                  e.message[:200])
                         for e in list(validator.iter_errors(event))[:3]]
    return problems


def check_dialogue(program, path, capture, outputs, validator):
    secrets = secrets_of(path)
    problems = []
    with tempfile.TemporaryDirectory() as tmp:
        command = [program, "--no-progress", "-v", "--ports", ports_of(path)]
        for output in outputs:
            command += ["-o", output.format(tmp=tmp)]
        done = subprocess.run(command + [str(capture)], capture_output=True, timeout=60)
        if done.returncode != 0:
            problems.append("exit status %d" % done.returncode)
        if done.returncode != 0 or re.search(rb"Sanitizer|runtime error:", done.stderr):
            problems.append(done.stderr.decode(errors="replace")[:1000])
        if (pathlib.Path(tmp) / "json").is_file():
            problems += check_json(pathlib.Path(tmp) / "json", validator)
        shown = {"standard error": done.stderr, "standard output": done.stdout}
        for file in pathlib.Path(tmp).iterdir():
            if file.is_file():
                shown[file.name] = file.read_bytes()
        for secret in secrets:
            for form in forms(secret):
                problems += ["%s shows %s" % (name, form.decode())
                             for name, data in shown.items() if form in data]
    # Where bytes of the client were lost a secret may not be whole, and is not shown.
    if secrets and not re.search(r"^C!", path.read_text(errors="replace"), re.M):
        problems += check_shown(program, path, capture, secrets)
    return problems


def check_shown(program, path, capture, secrets):
    """Where secrets are asked for they are there."""
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([program, "--no-progress", "--show-secrets", "--ports", ports_of(path),
                        "-o", "json:%s/json,events=all" % tmp, str(capture)],
                       capture_output=True, timeout=60)
        file = pathlib.Path(tmp) / "json"
        data = file.read_text() if file.is_file() else ""
    return ["--show-secrets does not show %s" % secret for secret in secrets if secret not in data]


def main(arguments):
    if len(arguments) < 3:
        print(__doc__)
        return 2
    dialogue, program = arguments[:2]
    files = []
    for name in arguments[2:]:
        path = pathlib.Path(name)
        files += sorted(path.glob("*.t")) if path.is_dir() else [path]
    names = available(program)
    outputs = [OUTPUTS[name] for name in names]
    if "timeline" in names:
        outputs += [spec for spec in VARIANTS if format_is_known(program, spec)]
    validator = load_schema()
    print("1..%d" % len(files))
    status = 0
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([dialogue, "--pcap", tmp] + [str(path) for path in files], check=True)
        for number, path in enumerate(files, 1):
            capture = pathlib.Path(tmp) / (path.stem + ".pcap")
            problems = check_dialogue(program, path, capture, outputs, validator)
            print("%s %d - %s" % ("not ok" if problems else "ok", number, path.stem))
            for problem in problems:
                status = 1
                print("#   " + problem.replace("\n", "\n#   "))
    return status


def format_is_known(program, spec):
    """Whether the program takes this option: it does if it complains of the file alone."""
    with tempfile.TemporaryDirectory() as tmp:
        done = subprocess.run([program, "-o", spec.format(tmp=tmp), tmp + "/none.pcap"],
                              capture_output=True)
    if done.returncode == 2:
        print("# no output `%s` yet" % spec.split("/", 1)[1])
    return done.returncode != 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
