"""Who is at the other end: the address that attempts are counted for, and whether the way there is encrypted. A proxy
is believed only if it was named as ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.requests import Request

_UNKNOWN: Final = "unknown"
_LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1", "[::1]")


@dataclass(frozen=True, slots=True)
class Peer:
    address: str
    https: bool
    local: bool
    """The host name in the browser's address line is this very machine."""


class Proxies:
    """The networks of our own proxies."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(network) for network in networks)

    def peer(self, request: Request) -> Peer:
        address = request.client.host if request.client else _UNKNOWN
        https = request.url.scheme == "https"
        if self._ours(address):
            https = https or request.headers.get("x-forwarded-proto", "").strip().lower() == "https"
            # Each proxy appends whom it spoke to; what stands left of the first stranger may be invented.
            for hop in reversed(request.headers.get("x-forwarded-for", "").split(",")):
                address = hop.strip() or address
                if not self._ours(address):
                    break
        host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
        return Peer(address=_network_of(address), https=https, local=host in _LOCAL_NAMES)

    def _ours(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)


def _network_of(address: str) -> str:
    """An IPv6 customer has a whole /64 to try from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return _UNKNOWN
    return str(ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
