"""Who may include whom. The picture is in docs/architecture.md; this is what holds the code to it."""

import re

from tree import Finding

INCLUDE = re.compile(r'\s*#\s*include\s+["<]([^">]+)[">]')

SERVER = ["server/base", "server/statistics", "server/model", "server/formula", "server/account", "server/engine",
          "server/measures", "server/scoring", "server/signals", "server/learning", "server/lifetime",
          "server/ledger",
          "server/portfolio", "server/indicators", "server/rpc", "server/services", "server/proof"]

# What each part may include of the project, beside itself. "messages" are generated from proto/folio, "google" from
# proto/google and protobuf itself, "grpc" are the generated services.
MAY_INCLUDE = {
    "storage": [],
    "server/base": ["storage", "google"],
    "server/statistics": [],
    "server/model": ["server/base", "google", "messages"],
    "server/formula": ["server/base", "server/model", "google", "messages"],
    "server/account": ["server/base", "server/model", "google", "messages"],
    "server/engine": ["storage", "server/base", "server/model", "google", "messages"],
    "server/measures": ["server/base", "server/model", "server/account", "google", "messages"],
    "server/scoring": ["server/base", "server/model", "server/account", "server/measures", "google", "messages"],
    "server/signals": ["server/base", "server/model", "server/account", "server/measures", "google", "messages"],
    "server/learning": ["server/base", "server/statistics"],
    "server/lifetime": ["server/base", "server/statistics"],
    "server/ledger": ["storage", "server/base", "server/model", "server/account", "server/engine", "google",
                      "messages"],
    "server/portfolio": ["storage", *SERVER[:12], "google", "messages"],
    "server/indicators": ["storage", *SERVER[:13], "google", "messages"],
    "server/proof": ["storage", *SERVER[:13], "google", "messages"],
    "server/rpc": ["storage", *SERVER[:13], "google", "messages", "grpc"],
    "server/services": ["storage", *SERVER, "google", "messages", "grpc"],
    "server": ["storage", *SERVER, "google", "messages", "grpc"],
    "sdk/cpp": ["google", "messages", "grpc"],
    "tools/demo": ["google", "messages"],
    "client/cli": ["sdk/cpp", "tools/demo", "google", "messages"],
    "cmake/precompiled": ["google", "messages"],
}

# Parts that may include anything: they look at the others from outside.
UNBOUND = ["tests", "tools/bench"]

# Libraries that stay behind one border, and where that is.
LIBRARIES = {
    r"boost/(asio|beast)": ["server/rpc"],
    r"boost/math": ["server/statistics", "server/learning", "server/lifetime"],
    r"boost/(?!math)": ["server/rpc", "client/cli"],
    r"(nlopt\.h|Eigen/)": ["server/learning", "server/lifetime"],
    r"grpc(pp)?/": ["server/rpc", "server/services", "server", "sdk/cpp", "cmake/precompiled"],
    r"(SQLiteCpp/|sqlite3\.h)": ["storage"],
    r"tao/pegtl": ["server/model", "server/formula"],
    r"csv\.h$": ["client/cli"],
    r"unicode/": ["server/base", "client/cli"],
    r"date/": ["server/base", "client/cli"],
    r"sodium": ["server/base", "server/rpc"],
    r"spdlog/": ["server/rpc", "server"],
}


def part_of(path):
    """The part that a file belongs to: the longest that its path begins with."""
    parts = [part for part in [*MAY_INCLUDE, *UNBOUND] if path.startswith(part + "/")]
    return max(parts, key=len, default=None)


def part_included(header):
    """The part that an include comes from; None where it is no part of the project."""
    if header.endswith(".grpc.pb.h"):
        return "grpc"
    if header.startswith("google/"):
        return "google"
    if header.endswith(".pb.h"):
        return "messages"
    if header.startswith("folio/"):
        return "sdk/cpp"
    return part_of(header)


def check(tree):
    for path in tree.ending(".cc", ".h"):
        part = part_of(path)
        if part is None:
            yield Finding(path, 1, "belongs to no part of tools/lint/layers.py")
        elif part not in UNBOUND:
            for number, line in tree.lines(path):
                include = INCLUDE.match(line)
                if include:
                    yield from check_include(path, number, part, include[1])


def check_include(path, number, part, header):
    included = part_included(header)
    if included is not None and included != part and included not in MAY_INCLUDE[part]:
        yield Finding(path, number, f"{part} must not include {header} ({included})")
    for library, owners in LIBRARIES.items():
        if re.match(library, header) and part not in owners:
            yield Finding(path, number, f"{header} is only for {', '.join(owners)}")
