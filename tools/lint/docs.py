"""Documents that keep their word: links resolve, documents that the code speaks of exist, commands shown can be run."""

import posixpath
import re

from tree import Finding

LINK = re.compile(r"\]\(([^)\s]+)\)")
MENTION = re.compile(r"(?<![\w/])docs/[\w./-]+\.md\b")
FENCE = re.compile(r"^\s*```")


def check(tree):
    for path in tree.ending(".md"):
        yield from check_links(tree, path)
    for path in tree.paths:
        if not path.startswith("tests/lint/"):  # which invents documents
            yield from check_mentions(tree, path)
    targets = set(re.findall(r"^([a-z]+):", tree.text("Makefile"), re.M)) if "Makefile" in tree.paths else set()
    for path in ("README.md", "CONTRIBUTING.md"):
        if path in tree.paths:
            yield from check_commands(tree, path, targets)


def check_links(tree, path):
    for number, line in tree.lines(path):
        for link in LINK.findall(line):
            if re.match(r"[a-z]+:", link):
                continue
            file, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
            if not tree.exists(target):
                yield Finding(path, number, f"link to nothing: {link}")
            elif anchor and target.endswith(".md") and anchor not in anchors(tree, target):
                yield Finding(path, number, f"{target} has no heading #{anchor}")


def anchors(tree, path):
    """Anchors of a document's headings, made as the usual renderers make them."""
    headings = re.findall(r"^#+ +(.+?) *$", tree.text(path), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_mentions(tree, path):
    for number, line in tree.lines(path):
        for document in MENTION.findall(line):
            if not tree.exists(document):
                yield Finding(path, number, f"speaks of {document}, which does not exist")


def check_commands(tree, path, targets):
    """Of the commands in fenced blocks: `make` has the target, and a script called by its path is there."""
    fenced = False
    for number, line in tree.lines(path):
        if FENCE.match(line):
            fenced = not fenced
            continue
        words = [word for word in line.split() if "=" not in word or word.startswith("-")]
        if not fenced or not words:
            continue
        if words[0] == "make":
            for target in words[1:]:
                if not target.startswith(("-", "#")) and target not in targets:
                    yield Finding(path, number, f"the Makefile has no target {target}")
                if target.startswith("#"):
                    break
        elif re.match(r"(tools|tests|\.ci)/", words[0]) and not tree.exists(words[0]):
            yield Finding(path, number, f"no such program: {words[0]}")
