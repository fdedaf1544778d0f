"""Each check finds what it is for, and leaves a good tree alone."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "lint"))

import dead  # noqa: E402
import docs  # noqa: E402
import layers  # noqa: E402
import shape  # noqa: E402
import words  # noqa: E402
from tree import Tree  # noqa: E402


class CheckTest(unittest.TestCase):
    def found(self, check, files):
        """What a check says of a tree of these files: pairs of path and text."""
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["git", "init", "-q", root], check=True)
            for path, text in files.items():
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return [(finding.path, finding.text) for finding in check.check(Tree(root))]

    def assert_finds(self, check, files, path, text):
        found = self.found(check, files)
        self.assertTrue(any(path == p and text in t for p, t in found), f"{text!r} for {path} not in {found}")

    def assert_clean(self, check, files):
        self.assertEqual(self.found(check, files), [])


class LayersTest(CheckTest):
    def test_lower_layer_may_be_included(self):
        includes = '#include "storage/storage.h"\n#include "server/base/id.h"\n'
        self.assert_clean(layers, {"server/engine/table.cc": includes})

    def test_upper_layer_may_not(self):
        self.assert_finds(layers, {"server/model/filter.cc": '#include "server/engine/table.h"\n'},
                          "server/model/filter.cc", "server/model must not include server/engine/table.h")

    def test_sister_may_not(self):
        self.assert_finds(layers, {"server/scoring/score.cc": '#include "server/signals/rules.h"\n'},
                          "server/scoring/score.cc", "must not include")

    def test_storage_knows_no_messages(self):
        self.assert_finds(layers, {"storage/storage.h": '#include "google/protobuf/message.h"\n'},
                          "storage/storage.h", "(google)")
        self.assert_finds(layers, {"storage/storage.h": '#include "folio/v1/account.pb.h"\n'},
                          "storage/storage.h", "(messages)")

    def test_base_knows_no_messages_of_ours(self):
        self.assert_finds(layers, {"server/base/money.h": '#include "folio/v1/account.pb.h"\n'},
                          "server/base/money.h", "(messages)")

    def test_only_the_upper_layers_see_services(self):
        header = '#include "folio/v1/account.grpc.pb.h"\n'
        self.assert_finds(layers, {"server/portfolio/portfolio.cc": header}, "server/portfolio/portfolio.cc", "(grpc)")
        self.assert_clean(layers, {"server/services/account_service.cc": header})

    def test_client_sees_only_the_sdk(self):
        self.assert_finds(layers, {"client/cli/main.cc": '#include "server/base/date.h"\n'},
                          "client/cli/main.cc", "(server/base)")
        self.assert_clean(layers, {"client/cli/main.cc": '#include "folio/client.h"\n'})

    def test_libraries_stay_behind_their_border(self):
        self.assert_finds(layers, {"server/engine/feed.cc": "#include <boost/asio.hpp>\n"},
                          "server/engine/feed.cc", "only for server/rpc")
        self.assert_clean(layers, {"server/rpc/accept.cc": "#include <boost/asio.hpp>\n"})

    def test_every_source_belongs_somewhere(self):
        self.assert_finds(layers, {"misc/thing.cc": "\n"}, "misc/thing.cc", "belongs to no part")


class WordsTest(CheckTest):
    def test_marks_of_unfinished_work(self):
        for word in ("TO" + "DO", "FIX" + "ME", "HA" + "CK"):
            self.assert_finds(words, {"a.cc": f"// {word}: later\n"}, "a.cc", word)

    def test_paths_of_a_machine(self):
        self.assert_finds(words, {"a.sh": "cd /ho" + "me/me/x\n"}, "a.sh", "one machine")
        self.assert_finds(words, {"a.sh": "cd /tm" + "p/x/y\n"}, "a.sh", "one machine")
        self.assert_clean(words, {"a.sh": "cd $root/home/x && ls /usr/bin\n"})

    def test_addresses_of_registries(self):
        self.assert_finds(words, {"lock.json": '"resol' + 'ved": "x"\n'}, "lock.json", "registry")


class ShapeTest(CheckTest):
    HEADER = "// What it is.\n#pragma once\n"

    def test_good_header(self):
        self.assert_clean(shape, {"a.h": self.HEADER})

    def test_header_without_comment(self):
        self.assert_finds(shape, {"a.h": "#pragma once\n"}, "a.h", "begins with a comment")

    def test_header_without_guard(self):
        self.assert_finds(shape, {"a.h": "// What it is.\nint x;\n"}, "a.h", "#pragma once")

    def test_wide_line(self):
        self.assert_clean(shape, {"a.cc": "x" * 120 + "\n"})
        self.assert_finds(shape, {"a.cc": "x" * 121 + "\n"}, "a.cc", "121 columns")

    def test_characters_count_not_bytes(self):
        self.assert_clean(shape, {"a.cc": "é" * 120 + "\n"})

    def test_long_file(self):
        self.assert_clean(shape, {"a.cc": "\n" * 500})
        self.assert_finds(shape, {"a.cc": "\n" * 501}, "a.cc", "501 lines")

    def test_white_space(self):
        self.assert_finds(shape, {"a.cc": "x \n"}, "a.cc", "white space")
        self.assert_finds(shape, {"a.cc": "x"}, "a.cc", "does not end")


class DeadTest(CheckTest):
    def test_source_that_nothing_builds(self):
        self.assert_finds(dead, {"a/b.cc": "\n"}, "a/b.cc", "no CMakeLists.txt")
        self.assert_clean(dead, {"a/b.cc": "\n", "a/CMakeLists.txt": "folio_library(a)\n"})
        self.assert_clean(dead, {"a/b.cc": "\n", "a/CMakeLists.txt": "add_executable(b b.cc)\n"})

    def test_header_that_nothing_includes(self):
        self.assert_finds(dead, {"a.h": "\n"}, "a.h", "nothing includes")

    def test_script_that_nothing_calls(self):
        self.assert_finds(dead, {"tools/x.sh": "#!/bin/sh\n"}, "tools/x.sh", "speaks of")
        self.assert_clean(dead, {"tools/x.sh": "#!/bin/sh\n", "Makefile": "x:\n\ttools/x.sh\n"})
        self.assert_finds(dead, {"tools/x.py": "\n", "tools/notx.py": "\n", "Makefile": "x:\n\ttools/notx.py\n"},
                          "tools/x.py", "speaks of")

    def test_module_that_is_imported(self):
        self.assert_clean(dead, {"tools/x.py": "\n", "tools/y.py": "import x\n", "Makefile": "y:\n\ttools/y.py\n"})


class DocsTest(CheckTest):
    def test_link_to_nothing(self):
        self.assert_finds(docs, {"README.md": "[a](docs/a.md)\n"}, "README.md", "link to nothing")
        self.assert_clean(docs, {"README.md": "[a](docs/a.md) [b](https://example.com)\n", "docs/a.md": "# A\n"})

    def test_link_to_a_heading(self):
        files = {"README.md": "[a](docs/a.md#the-thing)\n", "docs/a.md": "# The thing\n"}
        self.assert_clean(docs, files)
        self.assert_finds(docs, {**files, "docs/a.md": "# Another\n"}, "README.md", "#the-thing")

    def test_document_that_the_code_speaks_of(self):
        self.assert_finds(docs, {"a.h": "// See docs/a.md.\n"}, "a.h", "does not exist")

    def test_commands_exist(self):
        makefile = {"Makefile": "run:\n\ttrue\n"}
        self.assert_clean(docs, {**makefile, "README.md": "```sh\nmake run  # starts\n```\n"})
        self.assert_finds(docs, {**makefile, "README.md": "```sh\nmake walk\n```\n"}, "README.md", "no target walk")
        self.assert_finds(docs, {**makefile, "README.md": "```sh\ntools/walk\n```\n"}, "README.md", "no such program")


if __name__ == "__main__":
    unittest.main()
