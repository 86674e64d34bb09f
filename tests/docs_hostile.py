#!/usr/bin/env python3
"""Checks docs/hostile-input.md: every case is in it, every test that it names is there, and it names every script."""
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
CASES = [f"N{n:02}" for n in range(1, 25)] + [f"T{n:02}" for n in range(1, 39)]
ROW = re.compile(r"^\| ([NTS]\d\d) \|.*\| ([^|]+) \|$", re.MULTILINE)


def functions(folder):
    """The names of the functions that the tests there run."""
    text = "".join(path.read_text(encoding="utf-8") for path in (TOP / folder).glob("*.c"))
    return set(re.findall(r"cmocka_unit_test\w*\(\s*(\w+)", text))


UNIT, LARGE = functions("tests/unit/capture"), functions("tests/network")
END_TO_END = (TOP / "tests/e2e/hostile-files").read_text(encoding="utf-8")


def is_there(case, test):
    if case.startswith("S"):
        folder = TOP / "tests/dialogue"
        return (folder / f"{test}.t").exists() or (test.endswith(".py") and (folder / test).exists())
    if re.fullmatch(r"[NT]\d\d-[\w-]+", test):
        return test.startswith(case) and (TOP / "tests/network" / f"{test}.p").exists()
    if re.fullmatch(r"n\d\d", test):
        return test == case.lower() and any(f"{test}_" in name for name in UNIT)
    if re.fullmatch(r"t\d\d_\w+", test):
        return test.startswith(case.lower()) and test in LARGE
    return test == "hostile-files" and f'"{case} ' in END_TO_END


def main():
    page = (TOP / "docs/hostile-input.md").read_text(encoding="utf-8")
    rows = {case: re.findall(r"`([^`]+)`", tests) for case, tests in ROW.findall(page)}
    failures = [f"{case} is not in the table" for case in CASES if case not in rows]
    for case, tests in rows.items():
        if not tests:
            failures.append(f"{case} names no test")
        failures += [f"{case} names {test}, which is not there" for test in tests if not is_there(case, test)]
    named = {test for tests in rows.values() for test in tests}
    failures += [f"{path.stem} is in no row" for path in sorted((TOP / "tests/network").glob("*.p")) if path.stem not in named]
    failures += [f"{name} is in no row" for name in sorted(LARGE) if name not in named]
    for failure in failures:
        print(failure)
    print(f"{len(rows)} cases, {len(named)} tests, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
