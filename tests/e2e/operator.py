#!/usr/bin/env python3
"""Runs the commands of a document's ```console blocks, and compares what they print with what stands there.

    operator.py DOCUMENT FOLDER [--write]

A line that begins with "$ " is a command; what follows, up to the next one, is what it prints on both streams. A line
"…" stands for any lines. Commands run one after the other in FOLDER; "$?" is the exit code of the one before. --write
puts what is printed into the document, but for what already agrees.
"""

import os
import re
import subprocess
import sys

# What differs from run to run, and what stands in the document for it.
VARYING = [
    (re.compile(r"127\.0\.0\.1:(?!1\b)\d+"), "127.0.0.1:7117"),
    (re.compile(r"(request|requête ?): [0-9a-zA-Z_-]+$"), r"\1: …"),
    (re.compile(r"--after \d+ --through \d+"), "--after … --through …"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "2024-12-31T12:00:00Z"),
]
# Progress, which a slow machine shows and a quick one does not.
PASSING = re.compile(r"^[\d, ]+ of [\d, ]+ rows \(")


def run(command, folder, code):
    """What a command prints, line by line, and its exit code."""
    done = subprocess.run(["bash", "-c", f"(exit {code})\n{command}"], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    lines = [line for line in done.stdout.decode().splitlines() if not PASSING.match(line)]
    for pattern, stand_in in VARYING:
        lines = [pattern.sub(stand_in, line) for line in lines]
    return [line.rstrip() for line in lines], done.returncode


def agrees(wanted, seen):
    """Whether lines are as they should be; "…" is any number of lines."""
    if not wanted:
        return not seen
    if wanted[0] == "…":
        return any(agrees(wanted[1:], seen[i:]) for i in range(len(seen) + 1))
    return bool(seen) and wanted[0] == seen[0] and agrees(wanted[1:], seen[1:])


def check_block(lines, folder, code):
    """The block as it should be, the exit code of its last command, and what differs."""
    result, faults, at = [], [], 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and not lines[end].startswith("$ "):
            end += 1
        wanted = lines[at + 1:end]
        seen, code = run(lines[at][2:], folder, code)
        if not agrees(wanted, seen):
            faults.append("\n".join([lines[at], "--- stands there:", *wanted, "--- is printed:", *seen]))
        result += [lines[at], *(wanted if agrees(wanted, seen) else seen)]
        at = end
    return result, code, faults


def main():
    document, folder = sys.argv[1:3]
    text = open(document, encoding="utf-8").read()
    parts = re.split(r"(?ms)^(```console\n)(.*?)^(```)$", text)
    code, faults = 0, []
    for i in range(2, len(parts), 4):
        lines, code, wrong = check_block(parts[i].splitlines(), folder, code)
        parts[i] = "".join(line + "\n" for line in lines)
        faults += wrong
    if "--write" in sys.argv:
        open(document, "w", encoding="utf-8").write("".join(parts))
    elif faults:
        sys.exit("\n\n".join(faults) + f"\n\n{os.path.basename(document)} does not tell what is seen; if it is meant, "
                 "tests/e2e/operator.sh --write puts it there")
    print(f"ok: {text.count(chr(10) + '$ ')} commands")


main()
