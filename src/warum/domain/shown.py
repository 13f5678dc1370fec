"""Which arm a slot showed, as it travels in the addresses of the click and of the impression.

``<allocation>.<arm>.<mac>`` is the same for everybody who is shown that arm by that link on that day, so it tells
nobody apart. The keyed MAC keeps a publisher from choosing the arm; since it holds the day, a copied address soon names
no arm any more, and one is drawn anew."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import blake2b
from hmac import compare_digest
from typing import Final, NamedTuple

_MAC_BYTES: Final = 6
_TEXT: Final = re.compile(r"([1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,2})\.([A-Za-z0-9_-]{8})")


class Shown(NamedTuple):
    allocation: int
    arm: int


def shown_text(shown: Shown, *, link: int, day: int, key: bytes) -> str:
    """``20.1.q83vEjRW``.

    Args:
        day: UTC days since 1970.
        key: 16 to 64 secret bytes, for keyed BLAKE2b (RFC 7693).
    """
    return f"{shown.allocation}.{shown.arm}.{_mac(shown, link, day, key)}"


def read_shown(text: str, *, link: int, day: int, key: bytes) -> Shown | None:
    """What was shown by this link today or yesterday; None for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    shown = Shown(int(found[1]), int(found[2]))
    fits = [compare_digest(found[3], _mac(shown, link, made, key)) for made in (day, day - 1)]
    return shown if any(fits) else None


def _mac(shown: Shown, link: int, day: int, key: bytes) -> str:
    what = b"warum shown 1\n%d/%d/%d/%d" % (link, *shown, day)
    return urlsafe_b64encode(blake2b(what, key=key, digest_size=_MAC_BYTES).digest()).decode()
