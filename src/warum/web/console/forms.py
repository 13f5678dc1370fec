"""What a form brought, and what is shown again when it could not be taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import parse_qsl

from starlette.requests import Request

CSRF: Final = "csrf"
body_bytes_max: Final = 256 * 1024
fields_max: Final = 500
_TYPE: Final = "application/x-www-form-urlencoded"


class FormUnreadable(Exception):
    """Not a form as our pages send it: another encoding, or far too large."""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in their order. A name may come several times."""

    pairs: Sequence[tuple[str, str]] = ()

    def text(self, name: str) -> str:
        """The last value, without space around it; empty when there is none."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """The same as it was typed: a password may begin with a space."""
        return next((value for key, value in reversed(self.pairs) if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value.strip() for key, value in self.pairs if key == name]

    def fields(self, *names: str) -> dict[str, object]:
        """The input of an operation: these fields, without those that were left empty."""
        return {name: text for name in names if (text := self.text(name))}

    def kept(self) -> str:
        """What may wait in the page while its author signs in again; passwords may not."""
        return json.dumps([(k, v) for k, v in self.pairs if k != CSRF and "password" not in k and k != "current"])


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is shown: values to begin with, or what was typed, and what was wrong with it.

    Attributes:
        errors: by field; the empty name is for the form as a whole.
    """

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str = "") -> str | None:
        return self.errors.get(name)


async def read_form(request: Request) -> Form:
    """The body of a POST.

    Raises:
        FormUnreadable: it is none of ours.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > body_bytes_max:
            raise FormUnreadable
    if not body:
        return Form()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise FormUnreadable
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=fields_max, errors="strict")
    except ValueError:
        raise FormUnreadable from None
    return Form(tuple(pairs))


def kept_pairs(text: str) -> list[tuple[str, str]]:
    """What ``Form.kept`` wrote; nothing, when it was tampered with."""
    try:
        found: object = json.loads(text)
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    pairs: list[tuple[str, str]] = []
    for item in cast("list[object]", found)[:fields_max]:
        match item:
            case [str(key), str(value)]:
                pairs.append((key, value))
            case _:
                return []
    return pairs
