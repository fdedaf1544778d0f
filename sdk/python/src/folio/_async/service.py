"""What every service of a client has in common."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from google.protobuf.message import Message

from folio._async.pages import Pages
from folio._methods import Method, changed_fields, complete, is_complete
from folio._transport_async import Transport, settled
from folio.errors import AbortedError

_MODIFY_ATTEMPTS = 5


class Service:
    """Calls of one service. Failures are FolioErrors."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def _unary(self, method: Method, request: Message, fields: Mapping[str, Any], timeout: float | None) -> Any:
        whole = request if is_complete(method, request, fields) else complete(method, request, fields)
        return await self._transport.unary(method, whole, timeout)

    def _pages(
        self, method: Method, rows: str, request: Message, fields: Mapping[str, Any], timeout: float | None
    ) -> Pages[Any, Any]:
        return Pages(self._transport, method, rows, complete(method, request, fields), timeout)

    def _stream(self, method: Method, request: Message, fields: Mapping[str, Any]) -> AsyncGenerator[Any]:
        return self._transport.stream(method, complete(method, request, fields))

    async def _modify(
        self, get: Method, update: Method, field: str, name: str, change: Callable[[Any], object], timeout: float | None
    ) -> Any:
        end = time.monotonic() + (self._transport.options.timeout if timeout is None else timeout)
        attempt = 0
        while True:
            attempt += 1
            read = await self._unary(get, get.request_type(name=name), {}, max(end - time.monotonic(), 0))
            changed = type(read)()
            changed.CopyFrom(read)
            await settled(change(changed))
            paths = changed_fields(read, changed)
            if not paths:
                return read
            request = update.request_type(**{field: changed}, update_mask={"paths": paths})
            try:
                return await self._unary(update, request, {}, max(end - time.monotonic(), 0))
            except AbortedError as error:
                if error.reason != "ETAG_MISMATCH" or attempt == _MODIFY_ATTEMPTS:
                    raise
