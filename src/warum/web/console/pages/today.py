"""Today: whether everything runs, what waits for a person, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.status import ActOut, StatusOut
from warum.web.console.routing import Pages
from warum.web.console.visit import Visit

pages: Final = Pages()

_acts_max: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One part of the installation. ``state``: up, down or unknown."""

    part: str
    state: str


@pages.get("/")
def show(visit: Visit) -> Response:
    status: StatusOut = visit.perform("status.show")
    acts: tuple[ActOut, ...] = visit.perform("act.list", limit=_acts_max).acts
    return visit.page("pages/today.html", status=status, health=health(status), acts=acts)


def health(status: StatusOut) -> tuple[Health, ...]:
    """The processes, in the order of a click's way."""
    edge = "unknown" if status.edge_up is None else "up" if status.edge_up else "down"
    return Health(part="edge", state=edge), Health(part="worker", state="up" if status.worker_up else "down")
