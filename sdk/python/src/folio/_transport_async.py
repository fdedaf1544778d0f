"""Calls over grpc.aio: what the asynchronous client is built on. _transport_sync.py is its counterpart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from typing import Any

import grpc
from google.protobuf.message import Message

from folio._connection import Connection
from folio._methods import Method
from folio.errors import FolioError, UnavailableError, from_rpc
from folio.options import Options

_WRITE_MET_END = "Internal error from Core"


class Transport:
    """Belongs to the event loop that it is first used in."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._connection = Connection(options)
        self._channel: grpc.aio.Channel | None = None
        self._ready: dict[str, Any] = {}  # calls of the channel

    def _open(self) -> Any:
        if self._channel is None:
            self._channel = self._connection.open(grpc.aio)
        return self._channel

    async def unary(self, method: Method, request: Message, timeout: float | None) -> Any:
        call = self._ready.get(method.path)
        if call is None:
            call = self._ready[method.path] = self._open().unary_unary(
                method.path, request_serializer=method.request_type.SerializeToString,
                response_deserializer=method.response_type.FromString if method.response_type else None,
            )
        seconds = self._connection.timeout if timeout is None else timeout
        try:
            return await call(request, timeout=seconds, metadata=self._connection.metadata)
        except grpc.RpcError as error:
            raise from_rpc(error) from None

    async def stream(self, method: Method, request: Message) -> AsyncGenerator[Any]:
        assert method.response_type is not None
        call = self._open().unary_stream(
            method.path, request_serializer=method.request_type.SerializeToString,
            response_deserializer=method.response_type.FromString,
        )(request, metadata=self._connection.metadata)
        try:
            async for response in call:
                yield response
        except grpc.RpcError as error:
            raise from_rpc(error) from None
        finally:
            call.cancel()

    def duplex(self, method: Method) -> Duplex:
        assert method.response_type is not None
        call = self._open().stream_stream(
            method.path, request_serializer=method.request_type.SerializeToString,
            response_deserializer=method.response_type.FromString,
        )
        return Duplex(call(metadata=self._connection.metadata))

    async def close(self) -> None:
        channel, self._channel = self._channel, None
        self._ready = {}
        if channel is not None:
            await channel.close()


class Duplex:
    """A stream in both directions."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def write(self, request: Message) -> None:
        """A failure is told by the next read, which also has the reason."""
        if self._call.done():
            return
        try:
            await self._call.write(request)
        except (grpc.RpcError, asyncio.InvalidStateError):
            pass

    async def read(self) -> Any:
        """The next message; None where the server has ended the stream."""
        try:
            response = await self._call.read()
        except grpc.RpcError as error:
            # grpc.aio says so, instead of what the server said, where a write met the end of the stream.
            if error.details() == _WRITE_MET_END:
                raise UnavailableError("The connection was lost.") from None
            raise from_rpc(error) from None
        return None if response is grpc.aio.EOF else response

    async def finish(self) -> None:
        """Says that no more is written, and waits for the server's end, whatever it is."""
        try:
            await self._call.done_writing()
            while await self.read() is not None:
                pass
        except (FolioError, grpc.RpcError, asyncio.InvalidStateError):
            pass

    def cancel(self) -> None:
        self._call.cancel()


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def each(rows: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[Any]:
    """The rows of anything that can be iterated, in either way."""
    if isinstance(rows, AsyncIterable):
        async for row in rows:
            yield row
    else:
        for row in rows:
            yield row
