"""Errors of a Folio server, as a program wants them: typed, with the fields at fault and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

import grpc
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"
_REQUEST_ID = "x-request-id"


class FieldViolation(NamedTuple):
    """One field at fault."""

    field: str  # path in the request, for example "account.display_name"
    reason: str  # upper-case word of the documented list; may be empty
    description: str  # in the caller's language where the server has it


class FolioError(Exception):
    """A call that failed. Each status code has a class of its own; programs decide by it and by `reason`."""

    code: grpc.StatusCode = grpc.StatusCode.UNKNOWN

    def __init__(
        self,
        message: str,
        *,
        code: grpc.StatusCode | None = None,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        fields: tuple[FieldViolation, ...] = (),
        retry_after: float | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.message = message  # in the caller's language where the server has it
        self.reason = reason  # "ETAG_MISMATCH"; empty where no Folio server said it
        self.metadata = dict(metadata or {})
        self.fields = fields
        self.retry_after = retry_after  # seconds
        self.request_id = request_id  # names the call in the server's log

    def __str__(self) -> str:
        text = f"{self.code.name}: {self.message}"
        if self.reason:
            text += f" ({self.reason})"
        for fault in self.fields:
            text += f"\n  {fault.field}: {fault.description}"
        return text + (f"\n  request id {self.request_id}" if self.request_id else "")

    def __reduce__(self) -> tuple[Any, ...]:  # so that it passes from one process to another
        return _restore, (type(self), self.message, self.__dict__)


def _restore(cls: type[FolioError], message: str, state: dict[str, Any]) -> FolioError:
    error = cls(message)
    error.__dict__.update(state)
    return error


class CancelledError(FolioError):
    code = grpc.StatusCode.CANCELLED


def closed() -> CancelledError:
    """What calls of a client get that has been closed."""
    return CancelledError("The client is closed.")


class InvalidArgumentError(FolioError):
    code = grpc.StatusCode.INVALID_ARGUMENT


class DeadlineExceededError(FolioError):
    code = grpc.StatusCode.DEADLINE_EXCEEDED


class NotFoundError(FolioError):
    code = grpc.StatusCode.NOT_FOUND


class AlreadyExistsError(FolioError):
    code = grpc.StatusCode.ALREADY_EXISTS


class PermissionDeniedError(FolioError):
    code = grpc.StatusCode.PERMISSION_DENIED


class ResourceExhaustedError(FolioError):
    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class FailedPreconditionError(FolioError):
    code = grpc.StatusCode.FAILED_PRECONDITION


class AbortedError(FolioError):
    code = grpc.StatusCode.ABORTED


class OutOfRangeError(FolioError):
    code = grpc.StatusCode.OUT_OF_RANGE


class UnimplementedError(FolioError):
    code = grpc.StatusCode.UNIMPLEMENTED


class InternalError(FolioError):
    code = grpc.StatusCode.INTERNAL


class UnavailableError(FolioError):
    code = grpc.StatusCode.UNAVAILABLE


class DataLossError(FolioError):
    code = grpc.StatusCode.DATA_LOSS


class UnauthenticatedError(FolioError):
    code = grpc.StatusCode.UNAUTHENTICATED


_BY_CODE: Mapping[grpc.StatusCode, type[FolioError]] = {cls.code: cls for cls in FolioError.__subclasses__()}


class _Details:
    """The messages of google.rpc.Status that an error may carry."""

    kinds: ClassVar[tuple[type[Any], ...]] = (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.RetryInfo,
        error_details_pb2.LocalizedMessage,
    )

    def __init__(self, encoded: bytes) -> None:
        self.found: dict[type[Any], Any] = {}
        for packed in status_pb2.Status.FromString(encoded).details:
            for kind in self.kinds:
                detail = kind()
                if packed.Unpack(detail):
                    self.found[kind] = detail

    def get(self, kind: type[Any]) -> Any:
        return self.found.get(kind)


def from_rpc(error: Any) -> FolioError:
    """The typed error of a failed call, with every detail that the server sent."""
    trailing: Iterable[tuple[str, str | bytes]] = error.trailing_metadata() or ()
    trailers = dict(trailing)
    encoded = trailers.get(_DETAILS, b"")
    details = _Details(encoded if isinstance(encoded, bytes) else b"")
    info = details.get(error_details_pb2.ErrorInfo)
    retry = details.get(error_details_pb2.RetryInfo)
    localized = details.get(error_details_pb2.LocalizedMessage)
    bad = details.get(error_details_pb2.BadRequest)
    code = error.code()
    return _BY_CODE.get(code, FolioError)(
        localized.message if localized else (error.details() or ""),
        code=code,
        reason=info.reason if info else "",
        metadata=info.metadata if info else None,
        fields=tuple(map(_violation, bad.field_violations)) if bad else (),
        retry_after=retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9 if retry else None,
        request_id=str(trailers.get(_REQUEST_ID, "")),
    )


def _violation(violation: Any) -> FieldViolation:
    text = violation.localized_message.message or violation.description
    return FieldViolation(violation.field, violation.reason, text)
