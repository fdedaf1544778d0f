"""What a channel to a Folio server is made of, the same for both kinds of client."""

from __future__ import annotations

import importlib.resources
import re
from typing import Any

import grpc

from folio.errors import InvalidArgumentError, NotFoundError
from folio.options import Options

# Twice what the server sends at most.
_RESPONSE_BYTES_MAX = 8 << 20
# What the server takes at most; gRPC by itself would not try a request of more than 256 KiB again.
_REPEATED_BYTES_MAX = 4 << 20
# gRPC's own are a second and two minutes: a server that has restarted would long go unnoticed.
_RECONNECT_FIRST_MS = 100
_RECONNECT_LAST_MS = 2_000
# What a server speaks where it is not asked; asking for it would cost every call a header.
_UNASKED_LOCALE = "en"
# No call takes longer, in seconds: a timeout beyond counts as this, so that no clock overflows.
LONGEST_TIMEOUT = 7 * 24 * 3600.0
# HOST, HOST:PORT, [IPV6] or [IPV6]:PORT
_ADDRESS = re.compile(r"(?:[^\x00-\x20/@?#:\[\]]+|\[[^\x00-\x20/@?#\[\]]+\])(?::(?P<port>[0-9]{1,5}))?")


class Connection:
    """Address, credentials and channel arguments of some options. InvalidArgumentError where the options make no sense,
    NotFoundError where the file of authorities does not exist."""

    def __init__(self, options: Options) -> None:
        self.target, self.tls = _read_address(options)
        if not options.timeout > 0:
            raise InvalidArgumentError("The timeout must be positive.")
        self.timeout = bounded(options.timeout)
        _check_text("key", options.key)
        _check_text("locale", options.locale)
        _check_text("user agent", options.user_agent)
        self.metadata: list[tuple[str, str]] = []
        if options.locale != _UNASKED_LOCALE:
            self.metadata.append(("accept-language", options.locale))
        if options.key:
            self.metadata.append(("authorization", f"Bearer {options.key}"))
        self.credentials = _credentials(options) if self.tls else None
        self.arguments: list[tuple[str, Any]] = [
            ("grpc.service_config", importlib.resources.files("folio").joinpath("service_config.json").read_text()),
            ("grpc.primary_user_agent", options.user_agent),
            ("grpc.max_receive_message_length", _RESPONSE_BYTES_MAX),
            # A client has a connection of its own: clients of one process would else share one, and its limit of calls.
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.per_rpc_retry_buffer_size", _REPEATED_BYTES_MAX),
            ("grpc.initial_reconnect_backoff_ms", _RECONNECT_FIRST_MS),
            ("grpc.max_reconnect_backoff_ms", _RECONNECT_LAST_MS),
        ]

    def open(self, module: Any) -> Any:
        """A channel of `grpc` or of `grpc.aio`."""
        if self.credentials is None:
            return module.insecure_channel(self.target, options=self.arguments)
        return module.secure_channel(self.target, self.credentials, options=self.arguments)


def bounded(timeout: float) -> float:
    """The timeout, or the longest that there is."""
    return timeout if timeout < LONGEST_TIMEOUT else LONGEST_TIMEOUT


def _read_address(options: Options) -> tuple[str, bool]:
    """Host and port, and whether TLS is spoken: 443 with TLS and 7117 without where the port is left out."""
    server, tls = options.server, options.tls
    if server.startswith("https://"):
        server, tls = server.removeprefix("https://"), True
    server = server.removeprefix("http://").rstrip("/")
    if not server:
        raise InvalidArgumentError("No address of a server is given.")
    if server.startswith("unix:"):
        return server, tls
    address = _ADDRESS.fullmatch(server)
    port = address["port"] if address else "0"
    if port is None:
        return f"{server}:{443 if tls else 7117}", tls
    if not 0 < int(port) <= 65535:
        raise InvalidArgumentError(f"'{options.server}' is no address of a server: HOST:PORT is asked for.")
    return server, tls


def _check_text(what: str, text: str) -> None:
    """A header carries nothing but printable ASCII."""
    if not all(" " <= character <= "~" for character in text):
        raise InvalidArgumentError(f"The {what} has characters that cannot be sent, such as a line break.")


def _credentials(options: Options) -> grpc.ChannelCredentials:
    if not options.ca_file:
        return grpc.ssl_channel_credentials()
    try:
        with open(options.ca_file, "rb") as file:
            authorities = file.read()
    except OSError:
        raise NotFoundError(f"Cannot read {options.ca_file}.") from None
    if b"-----BEGIN CERTIFICATE-----" not in authorities:
        raise InvalidArgumentError(f"There is no certificate in {options.ca_file}.")
    return grpc.ssl_channel_credentials(root_certificates=authorities)
