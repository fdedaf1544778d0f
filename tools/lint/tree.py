"""The project's files as the checks see them: what git knows or would add, read once."""

import pathlib
import subprocess
from typing import NamedTuple


class Finding(NamedTuple):
    """One thing to mend, told as compilers do."""

    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class Tree:
    """Files below a root, by path relative to it."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.root, check=True, capture_output=True, text=True).stdout
        self.paths = sorted({path for path in listing.split("\0") if path and (self.root / path).is_file()})
        self._texts = {}

    def text(self, path):
        """The file's text; empty where it is binary."""
        if path not in self._texts:
            data = (self.root / path).read_bytes()
            try:
                self._texts[path] = "" if b"\0" in data else data.decode()
            except UnicodeDecodeError:
                self._texts[path] = ""
        return self._texts[path]

    def lines(self, path):
        """Pairs of number, from 1, and line."""
        return enumerate(self.text(path).splitlines(), 1)

    def ending(self, *suffixes):
        return [path for path in self.paths if path.endswith(suffixes)]

    def below(self, folder):
        return [path for path in self.paths if path.startswith(folder + "/")]

    def is_script(self, path):
        return path.endswith((".sh", ".py")) or self.text(path).startswith("#!")

    def exists(self, path):
        return (self.root / path).exists()
