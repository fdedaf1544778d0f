"""Changes as they happen, without gap or repetition, over lost connections."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from folio._backoff import Backoff
from folio._methods import Method
from folio._transport_async import Stop, Transport
from folio.errors import FolioError, OutOfRangeError, UnavailableError

Response = TypeVar("Response")


class Watch(Generic[Response]):
    """Responses, to be iterated once. As a context it is closed at the end of the block."""

    def __init__(self, transport: Transport, method: Method, request: Any, patience: float) -> None:
        self._stop = Stop()
        self._responses = _follow(transport, method, request, patience, self._stop)

    def __aiter__(self) -> Watch[Response]:
        return self

    async def __anext__(self) -> Response:
        return await self._responses.__anext__()

    async def __aenter__(self) -> Watch[Response]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends the watch: a loop over it ends, whoever runs it."""
        self._stop.ask()
        try:
            await self._responses.aclose()
        except (RuntimeError, ValueError):  # somebody is waiting for a response, and is told by the stop
            pass


async def _follow(
    transport: Transport, method: Method, request: Any, patience: float, stop: Stop
) -> AsyncGenerator[Any]:
    """The responses of a method whose request and responses have a resume token."""
    own = method.request_type()
    own.CopyFrom(request)
    backoff = Backoff(patience)
    while not stop.asked():
        # A stream that the server ends without an error is resumed like one that was cut: it is shutting down.
        cause: FolioError = UnavailableError("The server ended the stream.")
        try:
            async with aclosing(transport.stream(method, own, stop)) as responses:
                async for response in responses:
                    backoff.reset()
                    yield response
                    if response.resume_token:
                        own.resume_token = response.resume_token
        except FolioError as error:
            cause = error
        # A reader that was too slow has missed nothing: it goes on after what it has read.
        if not stop.asked() and not (isinstance(cause, OutOfRangeError) and cause.reason == "FELL_BEHIND"):
            await stop.pause(backoff.delay_after(cause))
