"""The log's files on this machine: what the world reads of it, and the signer's memory."""

from warum.adapters.tlog.shelf import FileShelf, ShelfDamaged

__all__ = ["FileShelf", "ShelfDamaged"]
