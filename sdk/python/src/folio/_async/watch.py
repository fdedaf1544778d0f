"""Changes as they happen, without gap or repetition, over lost connections."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from folio._backoff import Backoff
from folio._methods import Method
from folio._transport_async import Transport, pause
from folio.errors import FolioError, OutOfRangeError, UnavailableError


async def follow(transport: Transport, method: Method, request: Any, patience: float) -> AsyncGenerator[Any]:
    """The responses of a method whose request and responses have a resume token."""
    own = method.request_type()
    own.CopyFrom(request)
    backoff = Backoff(patience)
    while True:
        # A stream that the server ends without an error is resumed like one that was cut: it is shutting down.
        cause: FolioError = UnavailableError("The server ended the stream.")
        try:
            async with aclosing(transport.stream(method, own)) as responses:
                async for response in responses:
                    backoff.reset()
                    yield response
                    if response.resume_token:
                        own.resume_token = response.resume_token
        except FolioError as error:
            cause = error
        # A reader that was too slow has missed nothing: it goes on after what it has read.
        if not (isinstance(cause, OutOfRangeError) and cause.reason == "FELL_BEHIND"):
            await pause(backoff.delay_after(cause))
