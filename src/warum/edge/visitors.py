"""What screening has to know about who asks, kept in memory for moments and never written.

Whether an agent is a crawler is asked before consent, as the filtration of invalid traffic demands; nothing of the
answer stays but a yes or no under a random number. Telling two visits of one person apart needs consent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from ipaddress import ip_address, ip_network
from typing import Final

from crawleruseragents import is_crawler

from warum.kernel.period import HOUR_US, SECOND_US

repeat_us: Final = 10 * SECOND_US
_agents_max: Final = 20_000
_agent_chars_max: Final = 512
_visits_max: Final = 200_000
_peers_max: Final = 1_000


class Crawlers:
    """Known crawlers, by the list of crawler-user-agents. Looking one up costs 0.1 ms, so answers are kept, under
    Python's randomly keyed hash: the agents themselves are not."""

    def __init__(self) -> None:
        self._known: dict[int, bool] = {}

    def __call__(self, agent: str | None) -> bool:
        # Every browser names itself. Who does not is a script, and the industry's rules for invalid traffic (MRC) count
        # it as one.
        if not agent:
            return True
        key = hash(agent)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _agents_max:
                del self._known[next(iter(self._known))]
            known = self._known[key] = is_crawler(agent[:_agent_chars_max])
        return known


class Repeats:
    """Where a visitor was sent within the last ten seconds, under a keyed hash; the random key is thrown away every
    hour. A double click is one click, and leads to where the first one led: browsers drop the first answer and follow
    the second, which must not lose the click token.

    Args:
        new_key: 32 random bytes.
    """

    def __init__(self, new_key: Callable[[], bytes]) -> None:
        self._new_key = new_key
        self._key = new_key()
        self._key_until_us = 0
        self._sent: dict[bytes, tuple[int, str]] = {}

    def visit(self, *parts: str, now_us: int) -> bytes:
        """What stands for a visit: whoever comes with the same parts (link, target, address, agent) is the same."""
        if now_us >= self._key_until_us:
            self._key, self._key_until_us = self._new_key(), now_us + HOUR_US
            self._sent.clear()
        return blake2b("\n".join(parts).encode(errors="replace"), key=self._key, digest_size=16).digest()

    def sent(self, visit: bytes, now_us: int) -> str | None:
        """Where the same visit was sent moments ago."""
        at_us, location = self._sent.get(visit, (0, None))
        return location if abs(now_us - at_us) < repeat_us else None

    def remember(self, visit: bytes, location: str, now_us: int) -> None:
        self._sent.pop(visit, None)
        self._sent[visit] = now_us, location
        # In the order of time, so the oldest stand first. At most two go for each that comes: the work per click stays
        # the same.
        for _ in range(2):
            oldest, (at_us, _location) = next(iter(self._sent.items()))
            if now_us - at_us < repeat_us and len(self._sent) <= _visits_max:
                return
            del self._sent[oldest]


class Proxies:
    """Whose X-Forwarded-For is believed."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = tuple(ip_network(network) for network in networks)
        # Of those at the other end of our connections; there are few proxies, and they come again and again.
        self._peers: dict[str, bool] = {}

    def client(self, peer: str, forwarded: str | None) -> str:
        """The address nearest to us that is not a trusted proxy."""
        if forwarded is None or not self._is_trusted_peer(peer):
            return peer
        addresses = [address.strip() for address in forwarded.split(",")]
        return next((address for address in reversed(addresses) if not self._is_trusted(address)), peer)

    def _is_trusted_peer(self, peer: str) -> bool:
        known = self._peers.get(peer)
        if known is None:
            if len(self._peers) >= _peers_max:
                self._peers.clear()
            known = self._peers[peer] = self._is_trusted(peer)
        return known

    def _is_trusted(self, address: str) -> bool:
        if not self._networks:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)
