"""Logging: one line per message, time in UTC, readable by people and by tools. What is logged names records by their
id; a person's data and secrets have no place here, and passwords in addresses are masked should one slip in."""

from __future__ import annotations

import logging
import re
import sys
import time
from typing import Final, TextIO

_PASSWORD_IN_URL: Final = re.compile(r"(\w://[^:/@\s]*:)[^@/\s]+@")
_PASSWORD_IN_DSN: Final = re.compile(r"(?i)\b(password\s*=\s*)('[^']*'|\S+)")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


def setup_logging(process: str, level: str, *, supervised: bool = False, stream: TextIO | None = None) -> None:
    """Send all logging of this process to one stream (default: standard error).

    Args:
        process: the name that each line carries, such as ``worker``.
        level: debug, info, warning or error.
        supervised: leave the name out, because the supervisor puts it before each line.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_OneLine(process="" if supervised else f"{process} "))
    root = logging.getLogger()
    for previous in root.handlers[:]:
        root.removeHandler(previous)
    root.addHandler(handler)
    root.setLevel(level.upper())
    # These say at "info" what every request does, which would put addresses of visitors into the log.
    for chatty in ("httpx", "httpcore", "asyncio", "psycopg.pool"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


class _OneLine(logging.Formatter):
    converter = time.gmtime

    def __init__(self, *, process: str) -> None:
        super().__init__(f"%(asctime)s.%(msecs)03dZ {process}%(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the name is the base class's)
        # Text from outside must not be able to forge a line of its own.
        record.message = _CONTROL.sub(lambda found: repr(found[0])[1:-1], record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def masked(text: str) -> str:
    """The text without passwords of connection addresses."""
    return _PASSWORD_IN_DSN.sub(r"\1***", _PASSWORD_IN_URL.sub(r"\1***@", text))
