"""Calls over grpc's threads: what the synchronous client is built on. _transport_async is its counterpart."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from typing import Any

# Without it gRPC's core does not survive a fork; it is read when grpc is first loaded.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "1")

import grpc  # noqa: E402
from google.protobuf.message import Message  # noqa: E402

from folio._connection import Connection, bounded  # noqa: E402
from folio._methods import Method  # noqa: E402
from folio._stop import BaseStop  # noqa: E402
from folio.errors import FolioError, closed, from_rpc  # noqa: E402
from folio.options import Options  # noqa: E402


class _Channel:
    """A channel, the process that opened it, and the unary calls that have been made ready on it, by their paths."""

    def __init__(self, connection: Connection) -> None:
        self.process = os.getpid()
        self.channel = connection.open(grpc)
        self.ready: dict[str, Any] = {}

    def prepare(self, method: Method) -> Any:
        call = self.ready[method.path] = self.channel.unary_unary(
            method.path, request_serializer=method.request_type.SerializeToString,
            response_deserializer=method.response_type.FromString if method.response_type else None,
        )
        return call


class Transport:
    """May be used from any thread, and on both sides of a fork: a child process gets a channel of its own."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._connection = Connection(options)
        self._channel: _Channel | None = None
        self._process = os.getpid()
        self._opening = threading.Lock()
        self._closed = False

    def _open(self) -> _Channel:
        channel = self._channel
        process = os.getpid()
        if channel is not None and channel.process == process:
            return channel
        if self._process != process:
            self._process = process
            self._opening = threading.Lock()  # a thread of the parent may have held the one before
        with self._opening:
            channel = self._channel
            if self._closed:
                raise closed()
            if channel is None or channel.process != process:
                channel = self._channel = _Channel(self._connection)
            return channel

    def unary(self, method: Method, request: Message, timeout: float | None) -> Any:
        channel = self._open()
        call = channel.ready.get(method.path) or channel.prepare(method)
        seconds = self._connection.timeout if timeout is None else bounded(timeout)
        try:
            return call(request, timeout=seconds, metadata=self._connection.metadata)
        except grpc.RpcError as error:
            raise from_rpc(error) from None

    def stream(self, method: Method, request: Message, stop: Stop | None = None) -> Generator[Any]:
        assert method.response_type is not None
        call = self._open().channel.unary_stream(
            method.path, request_serializer=method.request_type.SerializeToString,
            response_deserializer=method.response_type.FromString,
        )(request, metadata=self._connection.metadata)
        if stop is not None:
            stop.take(call)
        try:
            yield from call
        except grpc.RpcError as error:
            if stop is not None and stop.asked():
                return
            raise from_rpc(error) from None
        finally:
            call.cancel()

    def duplex(self, method: Method) -> Duplex:
        assert method.response_type is not None
        call = self._open().channel.stream_stream(
            method.path, request_serializer=method.request_type.SerializeToString,
            response_deserializer=method.response_type.FromString,
        )
        requests: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        return Duplex(call(iter(requests.get, None), metadata=self._connection.metadata), requests)

    def close(self) -> None:
        self._closed = True
        channel, self._channel = self._channel, None
        if channel is not None and channel.process == os.getpid():
            channel.channel.close()


class Duplex:
    """A stream in both directions."""

    def __init__(self, call: Any, requests: queue.SimpleQueue[Message | None]) -> None:
        self._call = call
        self._requests = requests

    def write(self, request: Message) -> None:
        """A failure is told by the next read, which also has the reason."""
        self._requests.put(request)

    def read(self) -> Any:
        """The next message; None where the server has ended the stream."""
        try:
            return next(self._call, None)
        except grpc.RpcError as error:
            raise from_rpc(error) from None

    def finish(self) -> None:
        """Says that no more is written, and waits for the server's end, whatever it is."""
        self._requests.put(None)
        try:
            while self.read() is not None:
                pass
        except FolioError:
            pass

    def cancel(self) -> None:
        self._requests.put(None)
        self._call.cancel()


class Stop(BaseStop[threading.Event]):
    """Ends a stream, and the waits between its connections, from any thread."""

    def __init__(self) -> None:
        super().__init__(threading.Event())

    def pause(self, seconds: float) -> None:
        self._asked.wait(seconds)


def pause(seconds: float) -> None:
    time.sleep(seconds)


def settled(result: Any) -> None:
    """The counterpart waits; here a function of the caller's has done everything."""


def each(rows: Iterable[Any]) -> Iterator[Any]:
    return iter(rows)
