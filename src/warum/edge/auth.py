"""Who sends a postback: a shared token, or an HMAC-SHA256 signature with the advertiser's secret.

A signature proves that nothing was changed on the way and is refused when it is old; a token is easier to set up. Both
are compared in constant time. The secret comes sealed in the snapshot and is opened for the moment of checking."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final, NamedTuple

from warum.domain.catalog import EdgeAdvertiser
from warum.domain.sealing import Sealer, advertiser_secret
from warum.domain.webhook import is_signed
from warum.edge.http import Request, parameters
from warum.kernel.period import SECOND_US
from warum.kernel.refusal import Kind, Refusal

signature_age_s_max: Final = 300
"""Also into the future: a clock that runs ahead would make a signature that stays young for long."""

AUTH_NAMES: Final = frozenset(("token", "sig", "ts", "dialect", "advertiser"))
"""Parameters that belong to the request, not to the report."""

_SECONDS: Final = re.compile(r"[0-9]{1,11}")

MISSING: Final = Refusal(
    "auth_missing",
    "Nothing says who sends this. Add the advertiser's token (Authorization: Bearer, or token=), or sign the request: "
    "headers webhook-id, webhook-timestamp and webhook-signature, or for a GET ts= and sig=.",
    kind=Kind.FORBIDDEN,
)
NOT_SET_UP: Final = Refusal(
    "auth_not_set_up",
    "This advertiser has no such token or secret yet. Make one in its settings, then send this again.",
    kind=Kind.FORBIDDEN,
)
WRONG_TOKEN: Final = Refusal(
    "token_wrong", "The token is not this advertiser's. Compare it with the one in its settings.", kind=Kind.FORBIDDEN
)
WRONG_SIGNATURE: Final = Refusal(
    "signature_wrong",
    "The signature does not fit. It has to be made with this advertiser's secret, over the bytes exactly as they are "
    "sent: of a body id.timestamp.body, of a GET the query without sig.",
    kind=Kind.FORBIDDEN,
)
INCOMPLETE_SIGNATURE: Final = Refusal(
    "signature_incomplete",
    "The signature needs its time in whole seconds since 1970, and with a body its id: headers webhook-id and "
    "webhook-timestamp beside webhook-signature, or ts= beside sig=. A GET is signed with ts= and sig= alone.",
    kind=Kind.FORBIDDEN,
)
UNSIGNED_QUERY: Final = Refusal(
    "query_not_signed",
    "The signature is over the body, and the address holds more than who sends it. Send all of the report in the body.",
    kind=Kind.FORBIDDEN,
)
OLD_SIGNATURE: Final = Refusal(
    "signature_old",
    "The signature's time is more than five minutes away from ours. Sign when you send, and check the clock.",
    kind=Kind.FORBIDDEN,
)


class _Signature(NamedTuple):
    timestamp: str
    fits: Callable[[bytes, int], bool]


def authenticate(
    request: Request,
    query: str,
    pairs: Sequence[tuple[str, str]],
    advertiser: EdgeAdvertiser,
    sealer: Sealer,
    *,
    now_us: int,
) -> Refusal | None:
    """Whether the request comes from the advertiser; the reason if not.

    A signature that is there has to fit, even beside a good token.

    Args:
        query: as it came, undecoded.
        pairs: parameters of the query, and of the body if it is a form.
    """
    signature = _signature(request, query, pairs)
    if isinstance(signature, Refusal):
        return signature
    if signature is not None:
        return _check_signature(signature, advertiser, sealer, now_us)
    token = bearer(request) or next((value for name, value in pairs if name == "token" and value), None)
    if token is None:
        return MISSING
    if advertiser.token_hash is None:
        return NOT_SET_UP
    return None if compare_digest(token_hash(token), advertiser.token_hash.lower()) else WRONG_TOKEN


def bearer(request: Request) -> str | None:
    """The token of an Authorization header (RFC 6750)."""
    scheme, _, token = (request.header(b"authorization") or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def token_hash(token: str) -> str:
    """SHA-256, hexadecimal: a token is random and long, so it needs no slow hash."""
    return sha256(token.encode(errors="replace")).hexdigest()


def _signature(request: Request, query: str, pairs: Sequence[tuple[str, str]]) -> _Signature | Refusal | None:
    header = request.header(b"webhook-signature")
    if header is not None:
        message_id = request.header(b"webhook-id")
        timestamp = request.header(b"webhook-timestamp")
        if message_id is None or timestamp is None or not request.body or not _SECONDS.fullmatch(timestamp):
            return INCOMPLETE_SIGNATURE
        # Or whoever gets hold of a signed body could add to it what it does not say.
        if any(name.lower() not in AUTH_NAMES for name, _ in parameters(query)):
            return UNSIGNED_QUERY

        def fits_body(secret: bytes, timestamp_s: int) -> bool:
            return is_signed(header, secret, message_id=message_id, timestamp_s=timestamp_s, content=request.body)

        return _Signature(timestamp, fits_body)
    sig = next((value for name, value in pairs if name == "sig"), None)
    if sig is None:
        return None
    timestamp = next((value for name, value in pairs if name == "ts"), "")
    # A signature over the query says nothing about a body.
    if request.body or not _SECONDS.fullmatch(timestamp):
        return INCOMPLETE_SIGNATURE

    def fits_query(secret: bytes, timestamp_s: int) -> bool:
        signed = "&".join(part for part in query.split("&") if not part.startswith("sig="))
        return compare_digest(digest(secret, signed.encode(), "sha256").hex().encode(), sig.lower().encode())

    return _Signature(timestamp, fits_query)


def _check_signature(signature: _Signature, advertiser: EdgeAdvertiser, sealer: Sealer, now_us: int) -> Refusal | None:
    sealed = advertiser.secret_sealed
    secret = sealer.open(advertiser_secret(advertiser.id), sealed) if sealed is not None else None
    if secret is None:
        return NOT_SET_UP
    timestamp_s = int(signature.timestamp)
    if not signature.fits(secret, timestamp_s):
        return WRONG_SIGNATURE
    return OLD_SIGNATURE if abs(now_us // SECOND_US - timestamp_s) > signature_age_s_max else None
