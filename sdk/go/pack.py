#!/usr/bin/env python3
"""Packs the module, generated files and all, as a module proxy of one version in a folder:

    sdk/go/pack.py VERSION FOLDER

`GOPROXY=file://FOLDER` serves it, and a release's files are uploaded from there.
"""

import datetime
import json
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
MODULE = "folio.example/sdk/go"

# `tools` is a module of its own: the plugins that generate.sh runs.
LEFT_OUT = ("tools", "pack.py", "generate.sh", ".gitignore")


def files():
    for path in sorted(HERE.rglob("*")):
        relative = path.relative_to(HERE)
        if path.is_file() and relative.parts[0] not in LEFT_OUT:
            yield path, relative


def main():
    version, folder = sys.argv[1], pathlib.Path(sys.argv[2]) / MODULE / "@v"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{version}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, relative in files():
            archive.write(path, f"{MODULE}@{version}/{relative}")
        archive.write(HERE.parents[1] / "LICENSE", f"{MODULE}@{version}/LICENSE")
    (folder / f"{version}.mod").write_bytes((HERE / "go.mod").read_bytes())
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    (folder / f"{version}.info").write_text(json.dumps({"Version": version, "Time": now}))
    (folder / "list").write_text(version + "\n")


if __name__ == "__main__":
    main()
