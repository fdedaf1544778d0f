"""Files that nothing builds, includes, runs or links to."""

import posixpath
import re

from tree import Finding

# Found by their names, by people or by the tools they belong to.
KNOWN_BY_NAME = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile", "CMakeLists.txt",
                 "CMakePresets.json", "buf.yaml", "setup.py", "tsconfig.json", "package.json", "package-lock.json",
                 ".npmrc", ".gitignore", "go.mod", "go.sum", ".clang-format", ".clang-tidy", ".ci/run",
                 "package-info.java")


def check(tree):
    yield from dead_sources(tree)
    yield from dead_headers(tree)
    yield from dead_others(tree)


def dead_sources(tree):
    """A .cc is alive where its folder's CMakeLists.txt takes all sources, or where a CMakeLists.txt names it."""
    build = {path: tree.text(path) for path in tree.paths if path.endswith(("CMakeLists.txt", ".cmake"))}
    takes_all = re.compile(r"\bfolio_(library|objects|test|program|tests)\(|GLOB")
    for path in tree.ending(".cc"):
        folder, name = posixpath.split(path)
        home = build.get(posixpath.join(folder, "CMakeLists.txt"), "")
        parent = build.get(posixpath.join(posixpath.dirname(folder), "CMakeLists.txt"), "")
        named = re.search(rf"\b{re.escape(name)}\b", home) or f"/{posixpath.basename(folder)}/*.cc" in parent
        if not named and not takes_all.search(home):
            yield Finding(path, 1, "no CMakeLists.txt builds this file")


def dead_headers(tree):
    included = set()
    for path in tree.ending(".cc", ".h"):
        for header in re.findall(r'#include "([^"]+)"', tree.text(path)):
            included.add(posixpath.basename(header))
    for path in tree.ending("CMakeLists.txt"):
        for name in re.findall(r"folio_precompiled\((\w+)", tree.text(path)):
            included.add(f"{name}.h")
    for path in tree.ending(".h"):
        if posixpath.basename(path) not in included:
            yield Finding(path, 1, "nothing includes this header")


def dead_others(tree):
    """Scripts, documents, data: alive where another file speaks of them by name, or of all that is in their folder."""
    texts = {path: tree.text(path) for path in tree.paths}
    for path in tree.paths:
        name = posixpath.basename(path)
        # Go builds every file of a folder, and its compiler finds what is not used.
        if name in KNOWN_BY_NAME or path in KNOWN_BY_NAME or path.endswith((".cc", ".h", ".proto", ".go")):
            continue
        spoken_of = mention_of(path)
        if not any(other != path and spoken_of.search(text) for other, text in texts.items()):
            yield Finding(path, 1, "no other file speaks of this one")


def mention_of(path):
    """What another file says where it uses this one."""
    folder, name = posixpath.split(path)
    ways = [rf"(?<![\w-]){re.escape(name)}(?![\w-])"]
    if name.endswith(".py"):
        ways.append(rf"\b(import|from) ([\w.]+ import .*|[\w.]+\.)?\b{re.escape(name.removesuffix('.py'))}\b")
    if name.endswith(".ts"):  # imported by the name of what it becomes
        ways.append(rf"/{re.escape(name.removesuffix('.ts'))}\.js'")
    if name.endswith(".java"):
        ways.append(rf"\b{name.removesuffix('.java')}\b")
    if name.endswith(".sh"):
        ways.append(rf"folio_e2e_test\({re.escape(name.removesuffix('.sh'))}\)")
    if name.endswith(".cmake"):
        ways.append(rf"include\({re.escape(name.removesuffix('.cmake'))}\)")
    if folder:
        ways.append(rf"{re.escape(folder)}/\*")
    return re.compile("|".join(ways), re.M)
