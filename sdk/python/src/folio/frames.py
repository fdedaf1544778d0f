"""Rows as tables: folio.frames.to_pandas(client.portfolio.list_portfolio()), and the same for Arrow.

A message becomes columns by the paths of its fields ("health.score"): amounts of money are Decimals with their currency
beside them, dates and times Python's own, choices small words, ratios without a value None, lists lists. Extras
`folio-client[pandas]` and `folio-client[arrow]` bring the libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from folio.values import amount_of, date_of, time_of

_WHOLE: Mapping[str, Callable[[Any], Any]] = {
    "google.type.Date": date_of,
    "google.protobuf.Timestamp": time_of,
    "folio.v1.Ratio": lambda ratio: None if ratio.absence else ratio.value,
}


def to_dicts(rows: Iterable[Message]) -> list[dict[str, Any]]:
    """A dict for each row; all have the same keys."""
    records = [_record(row) for row in rows]
    columns = dict.fromkeys(name for record in records for name in record)
    return [{name: record.get(name) for name in columns} for record in records]


def to_pandas(rows: Iterable[Message]) -> Any:
    """A pandas.DataFrame."""
    import pandas

    return pandas.DataFrame(to_dicts(rows))


def to_arrow(rows: Iterable[Message]) -> Any:
    """A pyarrow.Table."""
    import pyarrow

    return pyarrow.Table.from_pylist(to_dicts(rows))


def _record(message: Message, prefix: str = "") -> dict[str, Any]:
    record: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        name = prefix + field.name
        kind = field.message_type
        if kind is not None and kind.GetOptions().map_entry:
            for key, value in getattr(message, field.name).items():
                record[f"{name}.{key}"] = _value(field.message_type.fields_by_name["value"], value)
        elif _is_repeated(field):
            record[name] = [_value(field, value) for value in getattr(message, field.name)]
        elif kind is None or kind.full_name in _WHOLE:
            record[name] = _value(field, getattr(message, field.name)) if _is_set(message, field) else None
        elif kind.full_name == "google.type.Money":
            money = getattr(message, field.name) if message.HasField(field.name) else None
            record[name] = amount_of(money) if money else None
            record[f"{name}.currency"] = money.currency_code if money else None
        elif message.HasField(field.name):
            record.update(_record(getattr(message, field.name), f"{name}."))
    return record


def _is_repeated(field: FieldDescriptor) -> bool:
    return bool(field.is_repeated if hasattr(field, "is_repeated") else field.label == FieldDescriptor.LABEL_REPEATED)


def _is_set(message: Message, field: FieldDescriptor) -> bool:
    if field.enum_type is not None:
        return getattr(message, field.name) != 0
    return message.HasField(field.name) if field.has_presence else True


def _value(field: FieldDescriptor, value: Any) -> Any:
    if field.enum_type is not None:
        values = field.enum_type.values
        prefix = values[0].name.removesuffix("UNSPECIFIED")
        name = field.enum_type.values_by_number[value].name if value in field.enum_type.values_by_number else str(value)
        return name.removeprefix(prefix).lower()
    if field.message_type is None:
        return value
    if field.message_type.full_name == "google.type.Money":
        return amount_of(value)
    convert = _WHOLE.get(field.message_type.full_name)
    if convert is not None:
        return convert(value)
    if field.message_type.full_name == "folio.v1.CustomValue":
        kind = value.WhichOneof("kind")
        return _value(field.message_type.fields_by_name[kind], getattr(value, kind)) if kind else None
    return _record(value)
