"""What ends a stream and the waits between its connections, the same for both kinds of client but for how they wait."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Generic, TypeVar

Event = TypeVar("Event", threading.Event, asyncio.Event)


class BaseStop(Generic[Event]):
    def __init__(self, asked: Event) -> None:
        self._asked: Event = asked
        self._call: Any = None

    def take(self, call: Any) -> None:
        """The call to end, from now on."""
        self._call = call
        if self.asked():
            call.cancel()

    def ask(self) -> None:
        self._asked.set()
        if self._call is not None:
            self._call.cancel()

    def asked(self) -> bool:
        return self._asked.is_set()
