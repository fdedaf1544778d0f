"""Client of Folio, the system of record for a portfolio of client accounts.

    import folio

    with folio.Client() as client:
        for entry in client.portfolio.list_portfolio(filter="band = red", order_by="arr desc"):
            print(entry.display_name, entry.health.score)
"""

from folio._sync.client import Client
from folio._sync.importer import Importer, ImportReport
from folio._async.client import AsyncClient
from folio.errors import (
    AbortedError, AlreadyExistsError, CancelledError, DataLossError, DeadlineExceededError, FailedPreconditionError,
    FieldViolation, FolioError, InternalError, InvalidArgumentError, NotFoundError, OutOfRangeError,
    PermissionDeniedError, ResourceExhaustedError, UnauthenticatedError, UnavailableError, UnimplementedError,
)
from folio.options import VERSION as __version__
from folio.options import Options, load_options
from folio.values import amount_of, date_of, money, on, time_of

__all__ = [
    "AbortedError", "AlreadyExistsError", "AsyncClient", "CancelledError", "Client", "DataLossError",
    "DeadlineExceededError", "FailedPreconditionError", "FieldViolation", "FolioError", "ImportReport", "Importer",
    "InternalError", "InvalidArgumentError", "NotFoundError", "Options", "OutOfRangeError", "PermissionDeniedError",
    "ResourceExhaustedError", "UnauthenticatedError", "UnavailableError", "UnimplementedError", "__version__",
    "amount_of", "date_of", "load_options", "money", "on", "time_of",
]
