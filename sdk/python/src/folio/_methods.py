"""A method of the contract, and how its request is completed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

# Fields to change: a mask, or the paths of one.
Mask = FieldMask | Iterable[str]


@dataclass(frozen=True)
class Method:
    path: str
    request_type: type[Any]
    response_type: type[Any] | None  # None where the answer says nothing
    takes_request_id: bool


def methods_of(calls: Iterable[tuple[str, type[Any], type[Any] | None]]) -> dict[str, Method]:
    return {
        name: Method("/folio.v1." + name.replace(".", "/"), request, response,
                     "request_id" in request.DESCRIPTOR.fields_by_name)
        for name, request, response in calls
    }


def complete(method: Method, request: Message, fields: Mapping[str, Any]) -> Any:
    """A copy of the request with what the caller has given besides, and a request id where it takes one: a repeated
    attempt then has one effect."""
    completed = method.request_type()
    completed.CopyFrom(request)
    for name, value in fields.items():
        if value is not None:
            completed.MergeFrom(method.request_type(**{name: _plain(value, method.request_type, name)}))
    if method.takes_request_id and not completed.request_id:
        completed.request_id = str(uuid.uuid4())
    return completed


def _plain(value: Any, request_type: type[Any], name: str) -> Any:
    kind = request_type.DESCRIPTOR.fields_by_name[name].message_type
    if kind is not None and kind.full_name == "google.protobuf.FieldMask" and not isinstance(value, FieldMask):
        return FieldMask(paths=[value] if isinstance(value, str) else value)
    return value


def changed_fields(before: Message, after: Message) -> list[str]:
    """The fields of a message that differ, in the order of the contract."""
    return [field.name for field in before.DESCRIPTOR.fields if _value(before, field) != _value(after, field)]


def _value(message: Message, field: Any) -> Any:
    present = message.HasField(field.name) if field.has_presence else True
    return getattr(message, field.name) if present else None
