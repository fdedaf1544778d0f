"""The asynchronous client. The synchronous one, folio._sync, is generated from it when the package is built."""
