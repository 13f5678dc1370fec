"""``warum replay``: a file of real bookings, sent through the doors that visitors and partners use, into an
installation of its own whose clock is driven by the file. What comes out is read from the database and can be held
against the file."""

from warum.main.replay.run import main

__all__ = ["main"]
