"""Amounts, days and instants of the contract as Python's own."""

from __future__ import annotations

import datetime
from decimal import Decimal

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

_NANOS = 1_000_000_000


def money(amount: Decimal | int | str, currency: str) -> Money:
    """money("1200.50", "EUR"). Exact: floats are not taken."""
    if isinstance(amount, float):
        raise TypeError("an amount is exact: give a Decimal, an int or a text, not a float")
    nanos = int(Decimal(amount) * _NANOS)
    sign = -1 if nanos < 0 else 1
    return Money(currency_code=currency, units=sign * (abs(nanos) // _NANOS), nanos=sign * (abs(nanos) % _NANOS))


def amount_of(value: Money) -> Decimal:
    return Decimal(value.units) + Decimal(value.nanos) / _NANOS


def on(day: datetime.date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)


def date_of(value: Date) -> datetime.date:
    return datetime.date(value.year, value.month, value.day)


def time_of(value: Timestamp) -> datetime.datetime:
    return value.ToDatetime(tzinfo=datetime.timezone.utc)
