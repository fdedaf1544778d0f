"""Lists without page tokens: pages are fetched as they are needed, never more than one ahead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from google.protobuf.message import Message

from folio._methods import Method
from folio._transport_async import Transport
from folio.errors import InternalError

Row = TypeVar("Row")
Response = TypeVar("Response")


class Pages(Generic[Row, Response]):
    """The rows of a list, from its first page each time it is iterated. A page that cannot be had is an error behind
    the rows before it: a list is never short without saying so."""

    def __init__(
        self, transport: Transport, method: Method, rows: str, request: Message, timeout: float | None
    ) -> None:
        self._transport = transport
        self._method = method
        self._rows = rows
        self._request = request
        self._timeout = timeout

    async def __aiter__(self) -> AsyncIterator[Row]:
        async for page in self.pages():
            for row in getattr(page, self._rows):
                yield row

    async def pages(self) -> AsyncIterator[Response]:
        """The responses, for their other fields (total_size, revision, as_of). The timeout is one page's."""
        request = self._method.request_type()
        request.CopyFrom(self._request)
        while True:
            page = await self._transport.unary(self._method, request, self._timeout)
            if page.next_page_token and page.next_page_token == request.page_token:
                raise InternalError("The server repeats a page token.")
            yield page
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token
