"""A connection to a Folio server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from folio import v1
from folio._async.importer import Importer, ImportReport
from folio._async.services import _METHODS, Services
from folio._async.watch import Watch
from folio._transport_async import Transport, each
from folio.options import Options, load_options


class AsyncClient(Services):
    """Every service of the contract as an attribute (`client.accounts`, `client.portfolio` ...), and what takes more
    than a call: imports, exports, watches.

    Calls are tried again where that is safe, four times at most and all within the timeout; writes get a request id, so
    a repeated attempt has one effect. Failures are FolioErrors. Making a client does no input or output.
    """

    def __init__(
        self,
        server: str | None = None,
        *,
        key: str | None = None,
        key_file: str | None = None,
        profile: str | None = None,
        timeout: float | None = None,
        locale: str | None = None,
        tls: bool | None = None,
        ca_file: str | None = None,
        options: Options | None = None,
    ) -> None:
        """What is not given comes from the environment and the profile: see load_options. `options` is taken as is."""
        self.options = options or load_options(
            profile=profile, server=server, key=key, key_file=key_file, timeout=timeout, locale=locale, tls=tls,
            ca_file=ca_file,
        )
        self._transport = Transport(self.options)
        super().__init__(self._transport)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection. Calls that are under way, and later ones, get CancelledError."""
        await self._transport.close()

    async def import_rows(
        self,
        collection: str,
        rows: Iterable[Any] | AsyncIterable[Any],
        *,
        import_id: str = "",
        on_conflict: v1.ConflictPolicy | str = v1.CONFLICT_POLICY_UNSPECIFIED,
        on_deleted: v1.DeletedPolicy | str = v1.DELETED_POLICY_UNSPECIFIED,
        validate_only: bool = False,
        restart: bool = False,
        window: int = 4,
        patience: float = 60.0,
        on_progress: Callable[[ImportReport], object] | None = None,
    ) -> ImportReport:
        """Writes rows (messages, or dicts of their fields) without a limit on their number, and reports what became of
        each. With an `import_id` a lost connection is taken up again for `patience` seconds, and a later call with the
        same id and the same rows goes on after the last durable one. `on_progress` gets the report so far."""
        header = v1.ImportHeader(
            import_id=import_id, collection=collection, on_conflict=on_conflict, on_deleted=on_deleted,
            validate_only=validate_only, restart=restart,
        )
        importer = self.importer(header, window=window, patience=patience, on_progress=on_progress)
        try:
            await importer.open()
            position = 0
            async for row in each(rows):
                position += 1
                await importer.add(position, row)
            return await importer.finish()
        finally:
            importer.cancel()

    def importer(
        self,
        header: v1.ImportHeader,
        *,
        window: int = 4,
        patience: float = 60.0,
        on_progress: Callable[[ImportReport], object] | None = None,
    ) -> Importer:
        """The same row by row, for callers that number and reject rows themselves."""
        return Importer(self._transport, header, window=window, patience=patience, on_progress=on_progress)

    async def export_accounts(
        self,
        filter: str = "",
        *,
        show_deleted: bool = False,
        on_progress: Callable[[int, int], object] | None = None,
    ) -> AsyncGenerator[v1.Account]:
        """Every account that matches, from one state. `on_progress` gets how many have come, and how many there are. A
        stream that is cut raises behind the rows that came."""
        done = 0
        async with aclosing(self.accounts.export_accounts(filter=filter, show_deleted=show_deleted)) as responses:
            async for response in responses:
                done += len(response.accounts)
                if on_progress is not None:
                    on_progress(done, response.total_size)
                for account in response.accounts:
                    yield account

    def watch(
        self,
        *,
        collections: Iterable[str] = (),
        account: str = "",
        resume_token: str | None = None,
        snapshot: bool | None = None,
        after_revision: int | None = None,
        patience: float = 300.0,
    ) -> Watch[v1.WatchResponse]:
        """Changes as they happen, from the next one on or from where one of `resume_token`, `snapshot` and
        `after_revision` says. Lost connections are taken up again for `patience` seconds, without gap or repetition;
        the resume_token of the last response makes a later watch go on where this one ended. Its aclose() ends the loop
        over it, from anywhere. OutOfRangeError with reason LOG_COMPACTED where the log no longer reaches back so far:
        begin again with a snapshot."""
        start: Mapping[str, Any] = {
            "resume_token": resume_token, "snapshot": snapshot, "after_revision": after_revision,
        }
        given = {name: value for name, value in start.items() if value is not None}
        request = v1.WatchRequest(collections=collections, account=account, **given)
        return Watch(self._transport, _METHODS["WatchService.Watch"], request, patience)

    def watch_portfolio(
        self, *, filter: str = "", resume_token: str = "", patience: float = 300.0
    ) -> Watch[v1.WatchPortfolioResponse]:
        """Rows of the portfolio as they enter the filter, change and leave it, taken up again like watch(). A response
        with `begins_again` means that the server has forgotten what it has told, and tells all rows anew."""
        request = v1.WatchPortfolioRequest(filter=filter, resume_token=resume_token)
        return Watch(self._transport, _METHODS["PortfolioService.WatchPortfolio"], request, patience)
