#!/usr/bin/env python3
"""Holds the whole tree to the project's rules. A test: prints each finding, and fails where there is one.

    tools/lint/check.py [ROOT]
"""

import pathlib
import sys

import dead
import docs
import layers
import shape
import words
from tree import Tree

CHECKS = [layers, words, shape, dead, docs]


def findings(root):
    tree = Tree(root)
    return [finding for check in CHECKS for finding in check.check(tree)]


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    found = findings(root)
    for finding in found:
        print(finding)
    print(f"lint: {len(found)} findings" if found else "lint: nothing to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
