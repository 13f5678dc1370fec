"""The log of receipts, as use cases write and read it.

`entries` makes what is entered beside a change; `history` reads events back; `sequence` gives entries their leaves;
`receipts` hands out proofs; `statements`, `contests` and `erasure` are what follows from the log."""

from warum.app.log.history import history

__all__ = ["history"]
