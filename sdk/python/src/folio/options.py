"""Where the server is, and who is calling: from arguments, the environment and profiles.

A profile is a table of $XDG_CONFIG_HOME/folio/config.toml (or ~/.config/folio/config.toml), the file that the command
line reads too:

    default_profile = "prod"

    [profiles.prod]
    server = "folio.example.com:443"
    tls = true
    key_file = "~/.config/folio/prod.key"   # or: key = "..."
    locale = "fr"
    timeout_seconds = 30
    ca_file = "/etc/ssl/company.pem"        # only where the system's certificates do not do
"""

from __future__ import annotations

import os
import pathlib
import re
import tomllib
from dataclasses import dataclass, replace
from typing import Any

from folio.errors import InvalidArgumentError, NotFoundError

VERSION = "0.1.0"
DEFAULT_SERVER = "127.0.0.1:7117"

_TYPES: dict[str, type | tuple[type, ...]] = {
    "server": str, "key": str, "key_file": str, "locale": str, "ca_file": str, "tls": bool,
    "timeout_seconds": (int, float),
}


@dataclass(frozen=True)
class Options:
    """What a client needs to know. See load_options for where it usually comes from."""

    server: str = DEFAULT_SERVER  # "host:port", also with "http://" or "https://" (which means TLS) before it
    key: str = ""  # the API key
    timeout: float = 30.0  # seconds, of one call with all its attempts
    locale: str = "en"  # language of error texts and explanations: "en" or "fr"
    tls: bool = False  # speak TLS
    ca_file: str = ""  # PEM file of accepted authorities; empty means the system's
    user_agent: str = f"folio-python/{VERSION}"  # names the calling program

    def __repr__(self) -> str:  # without the key, which has no place in logs
        return f"Options(server={self.server!r}, tls={self.tls}, locale={self.locale!r}, timeout={self.timeout})"


def load_options(
    *,
    profile: str | None = None,
    server: str | None = None,
    key: str | None = None,
    key_file: str | None = None,
    timeout: float | None = None,
    locale: str | None = None,
    tls: bool | None = None,
    ca_file: str | None = None,
) -> Options:
    """Arguments, then FOLIO_SERVER, FOLIO_KEY and FOLIO_KEY_FILE, then the profile (FOLIO_PROFILE, or the file's
    default_profile), then defaults. NotFoundError where a named profile does not exist, InvalidArgumentError (naming
    file and line) where the file is wrong or has an unknown key."""
    found = _read_profile_file(profile or os.environ.get("FOLIO_PROFILE", ""))
    environment = os.environ
    if environment.get("FOLIO_SERVER"):
        found["server"] = environment["FOLIO_SERVER"]
    if environment.get("FOLIO_KEY_FILE"):
        found["key"] = _read_key_file(environment["FOLIO_KEY_FILE"])
    if environment.get("FOLIO_KEY"):
        found["key"] = environment["FOLIO_KEY"]
    if key_file is not None:
        found["key"] = _read_key_file(key_file)
    given = {"server": server, "key": key, "timeout": timeout, "locale": locale, "tls": tls, "ca_file": ca_file}
    found.update({name: value for name, value in given.items() if value is not None})
    return replace(Options(), **found)


def profile_path() -> pathlib.Path | None:
    """Path of the profile file; None where neither XDG_CONFIG_HOME nor HOME is set."""
    folder = os.environ.get("XDG_CONFIG_HOME") or None
    if folder is None and os.environ.get("HOME"):
        folder = os.path.join(os.environ["HOME"], ".config")
    return pathlib.Path(folder) / "folio" / "config.toml" if folder else None


def _read_profile_file(wanted: str) -> dict[str, Any]:
    path = profile_path()
    if path is None or not path.exists():
        if wanted:
            raise NotFoundError(f"There is no profile '{wanted}': {path} does not exist.")
        return {}
    text = path.read_text(encoding="utf-8")
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidArgumentError(f"{path}: {error}") from None
    wanted = wanted or file.get("default_profile", "")
    if not wanted:
        return {}
    profile = file.get("profiles", {}).get(wanted)
    if not isinstance(profile, dict):
        raise NotFoundError(f"There is no profile '{wanted}' in {path}.")
    return _read_profile(path, text, profile)


def _read_profile(path: pathlib.Path, text: str, profile: dict[str, Any]) -> dict[str, Any]:
    found = dict(profile)
    for name, value in profile.items():
        # Unknown keys are refused: a misspelled one would be ignored for ever.
        if not isinstance(value, _TYPES.get(name, ())) or (isinstance(value, bool) and name != "tls"):
            line = _line_of(name, text)
            raise InvalidArgumentError(f"{path}:{line}: unknown key '{name}', or a value of the wrong type.")
    if "timeout_seconds" in found:
        found["timeout"] = float(found.pop("timeout_seconds"))
    if "ca_file" in found:
        found["ca_file"] = _expand_home(found["ca_file"])
    if "key_file" in found:
        found["key"] = _read_key_file(found.pop("key_file"))
    return found


def _line_of(name: str, text: str) -> int:
    """The first line that sets a key: Python's parser does not tell."""
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if re.match(rf"\s*{re.escape(name)}\b", line)), 1)


def _expand_home(path: str) -> str:
    return os.environ.get("HOME", "") + path[1:] if path.startswith("~/") else path


def _read_key_file(given: str) -> str:
    """The key that a file holds: its first line, without the spaces around it."""
    path = _expand_home(given)
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        raise NotFoundError(f"Cannot read the key file {path}.") from None
