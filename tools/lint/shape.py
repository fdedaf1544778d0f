"""The outer shape of files: width, length, white space, and how a header begins."""

from tree import Finding

MAX_COLUMNS = 120
MAX_LINES = 500

# Copied as they are, or generated.
FOREIGN = ("proto/google/", "proto/grpc/", "LICENSE", "tests/data/", "tools/lint/package-lock.json",
           "tools/bench/package-lock.json", "sdk/typescript/package-lock.json",
           "sdk/go/go.sum", "sdk/go/tools/go.sum")

# Prose and tables may be wide.
WIDE = (".md", ".json", ".csv")


def check(tree):
    for path in tree.paths:
        if not path.startswith(FOREIGN) and tree.text(path):
            yield from check_lines(tree, path)
            if path.endswith(".h"):
                yield from check_header(tree, path)


def check_lines(tree, path):
    text = tree.text(path)
    if not text.endswith("\n"):
        yield Finding(path, text.count("\n") + 1, "the last line does not end")
    count = text.count("\n")
    if count > MAX_LINES and not path.endswith(WIDE):
        yield Finding(path, count, f"{count} lines, more than {MAX_LINES}: is it still one idea?")
    for number, line in tree.lines(path):
        if len(line) > MAX_COLUMNS and not path.endswith(WIDE):
            yield Finding(path, number, f"{len(line)} columns, more than {MAX_COLUMNS}")
        if line != line.rstrip():
            yield Finding(path, number, "white space at the end")


def check_header(tree, path):
    lines = [line for _, line in tree.lines(path)]
    if not lines[0].startswith("// "):
        yield Finding(path, 1, "a header begins with a comment that says what it is")
    code = [line for line in lines if line and not line.startswith("//")]
    if not code or code[0] != "#pragma once":
        yield Finding(path, 1, "a header's first line of code is #pragma once")
