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
    masks: frozenset[str]  # fields of the request that are field masks


def methods_of(calls: Iterable[tuple[str, type[Any], type[Any] | None]]) -> dict[str, Method]:
    return {
        name: Method("/folio.v1." + name.replace(".", "/"), request, response,
                     "request_id" in request.DESCRIPTOR.fields_by_name, _masks_of(request))
        for name, request, response in calls
    }


def is_complete(method: Method, request: Message, fields: Mapping[str, Any]) -> bool:
    """Whether complete() would give a mere copy of the request. TypeError where it is not one of the method."""
    if type(request) is not method.request_type:
        raise _wrong_request(method, request)
    if method.takes_request_id:
        return False
    for value in fields.values():  # noqa: SIM110  all() would cost every call a generator
        if value is not None:
            return False
    return True


def complete(method: Method, request: Message, fields: Mapping[str, Any]) -> Any:
    """A copy of the request with what the caller has given besides, and a request id where it takes one: a repeated
    attempt then has one effect. TypeError where it is not one of the method."""
    if type(request) is not method.request_type:
        raise _wrong_request(method, request)
    completed = method.request_type()
    completed.CopyFrom(request)
    given = {
        name: _mask_of(value) if name in method.masks else value for name, value in fields.items() if value is not None
    }
    if given:
        completed.MergeFrom(method.request_type(**given))
    if method.takes_request_id and not completed.request_id:
        completed.request_id = str(uuid.uuid4())
    return completed


def _wrong_request(method: Method, request: object) -> TypeError:
    name = method.request_type.__name__
    return TypeError(f"a request is a {name}, or its fields by their names: this is of type {type(request).__name__}")


def _masks_of(request_type: type[Any]) -> frozenset[str]:
    return frozenset(
        field.name for field in request_type.DESCRIPTOR.fields
        if field.message_type is not None and field.message_type.full_name == "google.protobuf.FieldMask"
    )


def _mask_of(value: Any) -> FieldMask:
    if isinstance(value, FieldMask):
        return value
    return FieldMask(paths=[value] if isinstance(value, str) else value)


def changed_fields(before: Message, after: Message) -> list[str]:
    """The fields of a message that differ, in the order of the contract."""
    return [field.name for field in before.DESCRIPTOR.fields if _value(before, field) != _value(after, field)]


def _value(message: Message, field: Any) -> Any:
    present = message.HasField(field.name) if field.has_presence else True
    return getattr(message, field.name) if present else None
