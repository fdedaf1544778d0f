"""Waiting between attempts to get a lost connection back."""

from __future__ import annotations

import random
import time

import grpc

from folio.errors import FolioError

_FIRST = 0.1
_LONGEST = 5.0


def is_busy(error: FolioError) -> bool:
    """The server still holds an import by its id: over a connection that it does not know to be lost, or for somebody
    else."""
    return error.code is grpc.StatusCode.ABORTED and error.reason == "IMPORT_ID_BUSY"


class Backoff:
    """0.1 s doubled up to 5 s, less a random part, at least as long as the server asks for, while there is patience."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self.reset()

    def reset(self) -> None:
        """Something went well: patience begins anew."""
        self._delay = _FIRST
        self._first_failure: float | None = None

    def delay_after(self, error: FolioError) -> float:
        """Seconds to wait before the next attempt. Raises the error where it is not one that time heals, or where the
        patience is at its end."""
        heals = error.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED) or is_busy(error)
        if not heals:
            raise error
        now = time.monotonic()
        if self._first_failure is None:
            self._first_failure = now
        wait = max(random.uniform(self._delay / 2, self._delay), error.retry_after or 0.0)
        if now + wait - self._first_failure > self._patience:
            raise error
        self._delay = min(self._delay * 2, _LONGEST)
        return wait
