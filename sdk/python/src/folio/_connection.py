"""What a channel to a Folio server is made of, the same for both kinds of client."""

from __future__ import annotations

import importlib.resources
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


class Connection:
    """Address, credentials and channel arguments of some options. InvalidArgumentError where the options make no sense,
    NotFoundError where the file of authorities does not exist."""

    def __init__(self, options: Options) -> None:
        self.target, self.tls = _read_scheme(options)
        if not self.target:
            raise InvalidArgumentError("No address of a server is given.")
        if options.timeout <= 0:
            raise InvalidArgumentError("The timeout must be positive.")
        self.timeout = options.timeout
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


def _read_scheme(options: Options) -> tuple[str, bool]:
    for scheme, tls in (("https://", True), ("http://", options.tls)):
        if options.server.startswith(scheme):
            return options.server.removeprefix(scheme).rstrip("/"), tls
    return options.server.rstrip("/"), options.tls


def _credentials(options: Options) -> grpc.ChannelCredentials:
    if not options.ca_file:
        return grpc.ssl_channel_credentials()
    try:
        with open(options.ca_file, "rb") as file:
            return grpc.ssl_channel_credentials(root_certificates=file.read())
    except OSError:
        raise NotFoundError(f"Cannot read {options.ca_file}.") from None
