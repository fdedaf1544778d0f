"""Calls over grpc.aio: what the asynchronous client is built on. _transport_sync.py is its counterpart."""

from __future__ import annotations

import asyncio
import inspect
import weakref
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from typing import Any

import grpc
from google.protobuf.message import Message

from folio._connection import Connection, bounded
from folio._methods import Method
from folio._stop import BaseStop
from folio.errors import FolioError, UnavailableError, closed, from_rpc
from folio.options import Options

_WRITE_MET_END = "Internal error from Core"


class Transport:
    """Belongs to the event loop that it is first used in."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._connection = Connection(options)
        self._channel: grpc.aio.Channel | None = None
        self._ready: dict[str, Any] = {}  # calls of the channel
        self._streams: weakref.WeakSet[Any] = weakref.WeakSet()  # for close(): a channel of grpc.aio forgets some
        self._closed = False

    def _open(self) -> Any:
        if self._channel is None:
            if self._closed:
                raise closed()
            self._channel = self._connection.open(grpc.aio)
        return self._channel

    async def unary(self, method: Method, request: Message, timeout: float | None) -> Any:
        call = self._ready.get(method.path)
        if call is None:
            call = self._ready[method.path] = self._open().unary_unary(
                method.path, request_serializer=method.request_type.SerializeToString,
                response_deserializer=method.response_type.FromString if method.response_type else None,
            )
        seconds = self._connection.timeout if timeout is None else bounded(timeout)
        try:
            return await call(request, timeout=seconds, metadata=self._connection.metadata)
        except grpc.RpcError as error:
            raise from_rpc(error) from None
        except asyncio.CancelledError:
            self.ended()
            raise

    async def stream(self, method: Method, request: Message, stop: Stop | None = None) -> AsyncGenerator[Any]:
        assert method.response_type is not None
        call = self._open().unary_stream(
            method.path, request_serializer=method.request_type.SerializeToString,
            response_deserializer=method.response_type.FromString,
        )(request, metadata=self._connection.metadata)
        self._streams.add(call)
        if stop is not None:
            stop.take(call)
        try:
            async for response in call:
                yield response
        except grpc.RpcError as error:
            raise from_rpc(error) from None
        except asyncio.CancelledError:
            self.ended()
            if stop is None or not stop.asked() or _is_cancelled():
                raise
        finally:
            call.cancel()

    def ended(self) -> None:
        """To be asked where a call was cancelled. Raises where it was by close(): grpc.aio tells that as if the task
        had been cancelled."""
        if self._closed and not _is_cancelled():
            raise closed() from None

    def duplex(self, method: Method) -> Duplex:
        assert method.response_type is not None
        call = self._open().stream_stream(
            method.path, request_serializer=method.request_type.SerializeToString,
            response_deserializer=method.response_type.FromString,
        )(metadata=self._connection.metadata)
        self._streams.add(call)
        return Duplex(self, call)

    async def close(self) -> None:
        self._closed = True
        channel, self._channel = self._channel, None
        self._ready = {}
        for call in list(self._streams):
            call.cancel()
        if channel is not None:
            await channel.close()


class Duplex:
    """A stream in both directions."""

    def __init__(self, transport: Transport, call: Any) -> None:
        self._transport = transport
        self._call = call

    async def write(self, request: Message) -> None:
        """A failure is told by the next read, which also has the reason."""
        if self._call.done():
            return
        try:
            await self._call.write(request)
        except (grpc.RpcError, asyncio.InvalidStateError):
            pass
        except asyncio.CancelledError:
            self._transport.ended()
            raise

    async def read(self) -> Any:
        """The next message; None where the server has ended the stream."""
        try:
            response = await self._call.read()
        except grpc.RpcError as error:
            # grpc.aio says so, instead of what the server said, where a write met the end of the stream.
            if error.details() == _WRITE_MET_END:
                raise UnavailableError("The connection was lost.") from None
            raise from_rpc(error) from None
        except asyncio.CancelledError:
            self._transport.ended()
            raise
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


class Stop(BaseStop[asyncio.Event]):
    """Ends a stream, and the waits between its connections."""

    def __init__(self) -> None:
        super().__init__(asyncio.Event())

    async def pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._asked.wait(), seconds)
        except TimeoutError:
            pass


def _is_cancelled() -> bool:
    """Whether somebody has cancelled the task."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def settled(result: Any) -> None:
    """Waits for what a function of the caller's has left to do, where it is asynchronous."""
    if inspect.isawaitable(result):
        await result


async def each(rows: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[Any]:
    """The rows of anything that can be iterated, in either way."""
    if isinstance(rows, AsyncIterable):
        async for row in rows:
            yield row
    else:
        for row in rows:
            yield row
