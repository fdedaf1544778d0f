"""Generates what is not kept in the repository, then builds; everything else is in pyproject.toml."""

import pathlib
import sys

from setuptools import setup

HERE = pathlib.Path(__file__).resolve().parent

# A source distribution has it all, and no contract to generate it from.
if (HERE.parents[1] / "proto").is_dir():
    sys.path.insert(0, str(HERE))
    import generate

    generate.main()

setup()
