"""Bulk writing: rows go out in chunks, several in flight, and are counted as they become durable."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

from folio import v1
from folio._async.services import _METHODS
from folio._backoff import Backoff, is_busy
from folio._transport_async import Duplex, Transport, pause
from folio.errors import AbortedError, FolioError, InvalidArgumentError, UnavailableError

# Small enough that a server with a 1 MiB message limit takes any chunk, large enough that a commit pays.
CHUNK_ROWS = 500
CHUNK_BYTES = 256 << 10
# A single row beyond this is rejected here: no server would take it.
ROW_BYTES = 900 << 10
_BUSY_PATIENCE = 5.0


@dataclass
class ImportReport:
    """What has become of the rows. Rows up to durable_through_row survive anything."""

    durable_through_row: int = 0
    counts: v1.ImportCounts = field(default_factory=v1.ImportCounts)
    rejected: list[v1.RejectedRow] = field(default_factory=list)
    revision: int = 0


class Importer:
    """One import. With an import id it survives lost connections, and another Importer with the same id goes on where
    this one ended."""

    def __init__(
        self,
        transport: Transport,
        header: v1.ImportHeader,
        *,
        window: int = 4,
        patience: float = 60.0,
        on_progress: Callable[[ImportReport], object] | None = None,
    ) -> None:
        rows = v1.ImportChunk.DESCRIPTOR.fields_by_name.get(header.collection)
        if rows is None or rows.message_type is None:
            raise InvalidArgumentError(f"There is no import of '{header.collection}'.")
        self._row_type: Any = getattr(v1, rows.message_type.name)
        self._transport = transport
        self._header = v1.ImportHeader()
        self._header.CopyFrom(header)
        self._window = window
        self._backoff = Backoff(patience)
        self._on_progress = on_progress
        self._stream: Duplex | None = None
        self._chunk = v1.ImportChunk()
        self._chunk_bytes = 0
        self._in_flight: deque[v1.ImportRequest] = deque()
        self._too_large = 0
        self.report = ImportReport()

    async def open(self) -> None:
        """Sends the header and takes the answer. Fails at once where the server cannot be reached: there is nothing to
        save yet. But waits a little for the end of a connection that the same import had before."""
        busy = Backoff(_BUSY_PATIENCE)
        while True:
            try:
                await self._connect()
                break
            except AbortedError as error:
                if not is_busy(error):
                    raise
                await pause(busy.delay_after(error))
        self._header.restart = False

    async def add(self, position: int, row: Any) -> None:
        """Adds the row at a position of the source, counted from 1, ascending: a message, or its fields. What is
        durable already is left out. May wait for the server."""
        message: Message = row if isinstance(row, Message) else self._row_type(**row)
        if not isinstance(message, self._row_type):
            raise InvalidArgumentError(
                f"A row of type {type(message).__name__} is not one of '{self._header.collection}'.")
        size = message.ByteSize()
        if size > ROW_BYTES:
            return await self._reject_too_large(position, size)
        if position <= self.report.durable_through_row:
            return None
        if self._chunk_bytes + size > CHUNK_BYTES or self._chunk.row_count >= CHUNK_ROWS:
            await self._flush()
        self._cover(position)
        self._chunk.row_numbers.append(position)
        getattr(self._chunk, self._header.collection).append(message)
        self._chunk_bytes += size
        return None

    async def skip(self, position: int) -> None:
        """Tells that the row at a position does not come: the caller has rejected it."""
        if position <= self.report.durable_through_row:
            return
        if self._chunk.row_count >= CHUNK_ROWS:
            await self._flush()
        self._cover(position)

    async def finish(self) -> ImportReport:
        """Sends what is left and waits until everything is durable."""
        await self._flush()
        while self._in_flight:
            await self._await_answer()
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.finish()
        return self.report

    def cancel(self) -> None:
        """Ends the import. What is durable stays so."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.cancel()

    def _cover(self, position: int) -> None:
        if not self._chunk.first_row:
            self._chunk.first_row = position
        self._chunk.row_count = position - self._chunk.first_row + 1

    async def _reject_too_large(self, position: int, size: int) -> None:
        self._too_large += 1
        self.report.counts.rejected += 1
        message = f"The row has {size} bytes; at most {ROW_BYTES} are accepted."
        self.report.rejected.append(v1.RejectedRow(row=position, reason="ROW_TOO_LARGE", message=message))
        self._tell()
        await self.skip(position)

    async def _flush(self) -> None:
        if not self._chunk.row_count:
            return
        while len(self._in_flight) >= self._window:
            await self._await_answer()
        request = v1.ImportRequest(chunk=self._chunk)
        self._chunk = v1.ImportChunk()
        self._chunk_bytes = 0
        self._in_flight.append(request)
        assert self._stream is not None
        await self._stream.write(request)

    async def _await_answer(self) -> None:
        assert self._stream is not None
        try:
            answer = await self._stream.read()
            if answer is not None:
                return self._take(answer)
            lost: FolioError = _ended()
        except FolioError as error:
            lost = error
        return await self._recover(lost)

    async def _recover(self, lost: FolioError) -> None:
        """Connects again and sends what is not yet durable, for as long as there is patience."""
        self.cancel()
        while True:
            if not self._header.import_id:
                raise lost
            await pause(self._backoff.delay_after(lost))
            try:
                await self._connect()
                break
            except FolioError as error:
                lost = error
        assert self._stream is not None
        for request in self._in_flight:
            await self._stream.write(request)

    async def _connect(self) -> None:
        stream = self._transport.duplex(_METHODS["ImportService.Import"])
        try:
            await stream.write(v1.ImportRequest(header=self._header))
            answer = await stream.read()
        except BaseException:
            stream.cancel()
            raise
        if answer is None:
            raise _ended()
        self._stream = stream
        self._take(answer)

    def _take(self, answer: v1.ImportResponse) -> None:
        report = self.report
        if answer.durable_through_row > report.durable_through_row:
            self._backoff.reset()
        report.durable_through_row = answer.durable_through_row
        report.counts = answer.counts
        report.counts.rejected += self._too_large
        report.rejected.extend(answer.rejected_rows)
        report.revision = answer.revision or report.revision
        while self._in_flight and _last_row(self._in_flight[0].chunk) <= report.durable_through_row:
            self._in_flight.popleft()
        self._tell()

    def _tell(self) -> None:
        if self._on_progress is not None:
            self._on_progress(self.report)


def _ended() -> UnavailableError:
    return UnavailableError("The server ended the import's stream.")


def _last_row(chunk: v1.ImportChunk) -> int:
    return chunk.first_row + chunk.row_count - 1
