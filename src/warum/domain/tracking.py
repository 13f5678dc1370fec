"""Which requests count. Screening is one ordered list of small steps; a dropped request carries a named reason, which
is counted. A visitor is redirected all the same: screening decides about counting, not about service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Final, TypeAlias

from warum.domain.catalog import PROPENSITY_ONE, EdgeAllocation, EdgeArm, EdgeLink, EdgeProgram, ProgramStatus
from warum.kernel.ids import RecordId


class Drop(StrEnum):
    """Why a request does not count."""

    UNKNOWN_LINK = "unknown_link"
    RETIRED_LINK = "retired_link"
    OUTSIDE_FLIGHT = "outside_flight"
    HEAD = "head"
    PREFETCH = "prefetch"
    CRAWLER = "crawler"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request for a link, as far as screening looks at it.

    Attributes:
        crawler: asks whether the user agent is a known crawler; called only when a step needs it.
        repeat: asks whether the same visitor took this link moments ago; None where nobody consented to be told apart.
    """

    now_us: int
    method: str
    purpose: str
    crawler: Callable[[], bool]
    repeat: Callable[[], bool] | None


Step: TypeAlias = Callable[[Visit, EdgeLink, EdgeProgram], "Drop | None"]


def screen(
    visit: Visit, link: EdgeLink | None, program: EdgeProgram | None, steps: Sequence[Step] | None = None
) -> Drop | None:
    """The first reason not to count the visit, in the order of the steps (usually STEPS)."""
    if link is None or program is None:
        return Drop.UNKNOWN_LINK
    for step in STEPS if steps is None else steps:
        if reason := step(visit, link, program):
            return reason
    return None


def link_in_use(visit: Visit, link: EdgeLink, program: EdgeProgram) -> Drop | None:
    return None if link.active else Drop.RETIRED_LINK


def within_flight(visit: Visit, link: EdgeLink, program: EdgeProgram) -> Drop | None:
    begun = program.starts_us is None or program.starts_us <= visit.now_us
    over = program.ends_us is not None and program.ends_us <= visit.now_us
    return None if program.status is ProgramStatus.RUNNING and begun and not over else Drop.OUTSIDE_FLIGHT


def navigation(visit: Visit, link: EdgeLink, program: EdgeProgram) -> Drop | None:
    # Chat apps and social networks send HEAD requests to draw a preview; they are no clicks (dubinc/dub #1860, #2309).
    return Drop.HEAD if visit.method == "HEAD" else None


def not_prefetched(visit: Visit, link: EdgeLink, program: EdgeProgram) -> Drop | None:
    return Drop.PREFETCH if "prefetch" in visit.purpose or "prerender" in visit.purpose else None


def human_agent(visit: Visit, link: EdgeLink, program: EdgeProgram) -> Drop | None:
    return Drop.CRAWLER if visit.crawler() else None


def not_seen_before(visit: Visit, link: EdgeLink, program: EdgeProgram) -> Drop | None:
    return Drop.REPEAT if visit.repeat is not None and visit.repeat() else None


STEPS: Final[tuple[Step, ...]] = (
    link_in_use,
    within_flight,
    navigation,
    not_prefetched,
    human_agent,
    not_seen_before,
)
IN_USE: Final[tuple[Step, ...]] = (link_in_use, within_flight)
"""What has to hold before anything is shown."""


def draw(allocation: EdgeAllocation, record: RecordId, key: bytes) -> EdgeArm:
    """The arm of a record: a keyed function of where it stands, so that the draw can be replayed.

    Args:
        key: 16 to 64 secret bytes; keyed BLAKE2b (RFC 7693) makes the draw unpredictable to publishers.
    """
    return _drawn(allocation, b"arm/1\n%d/%d/%d" % record, key)


def draw_shown(allocation: EdgeAllocation, record: RecordId, serial: int, key: bytes) -> EdgeArm:
    """The arm that a slot shows. Showing makes no record of its own, so a serial number keeps the draws between two
    records apart.

    Args:
        record: where the next record will stand.
        serial: of the draws of this process.
    """
    return _drawn(allocation, b"shown/1\n%d/%d/%d/%d" % (*record, serial), key)


def _drawn(allocation: EdgeAllocation, place: bytes, key: bytes) -> EdgeArm:
    point = int.from_bytes(blake2b(place, key=key, digest_size=8).digest(), "big") * PROPENSITY_ONE >> 64
    for arm in allocation.arms:
        point -= arm.propensity_ppm
        if point < 0:
            return arm
    raise ValueError(f"the propensities of allocation {allocation.id} do not sum to one")
