"""Words that have no place in the project, each with its reason. Spelled so that the patterns miss themselves."""

import re

from tree import Finding

BANNED = [
    (r"\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b", "unfinished: finish it, or say what holds today"),
    (r"(?i)\bnot (yet )?implemente[d]\b|NotImplemente[d]|UNIMPLEMENTED\(\"", "unfinished: leave it out"),
    (r"(?<![\w./])/(home|root|Users|work|farm|mnt)/", "path of one machine"),
    (r"/tm[p]/[a-z]+/", "path of one machine: make a temporary folder"),
    (r"\bregistr[y]\.[a-z]|npmj[s]\.|pyp[i]\.org|prox[y]\.golang|\"resolve[d]\":", "address of a package registry"),
    (r"(?i)\b(this|last|previous|next|earlier|work) sessio[n]\b|\bsub-?agen[t]s?\b|\bchatbo[t]\b|\blanguage mode[l]\b",
     "talk about how the work was done"),
]

# Copied as they are from elsewhere.
FOREIGN = ("proto/google/", "proto/grpc/", "LICENSE", "tests/data/")


def check(tree):
    patterns = [(re.compile(pattern), reason) for pattern, reason in BANNED]
    for path in tree.paths:
        if path.startswith(FOREIGN):
            continue
        text = tree.text(path)
        for pattern, reason in patterns:
            for match in pattern.finditer(text):
                yield Finding(path, text.count("\n", 0, match.start()) + 1, f"'{match[0]}': {reason}")
