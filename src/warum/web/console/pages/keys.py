"""API keys: which programs may ask this installation, with which rights, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import Response

from warum.app.call import Repeated
from warum.app.keys import DATA_FOLDER_LABEL, KeyCreated, KeyOut
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, SECOND_US, from_us, local_midnight, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Role
from warum.web.console import records
from warum.web.console.acts import key_label
from warum.web.console.forms import Filled
from warum.web.console.records import Address
from warum.web.console.routing import Pages
from warum.web.console.visit import NotHere, Refused, Toast, Visit, status_of

pages: Final = Pages()

page_rows: Final = 100
ROLES: Final = (Role.OPERATOR, Role.MANAGER, Role.AUDITOR, Role.ADVERTISER, Role.PUBLISHER)
_PARTIES: Final = ("advertiser", "publisher")
_FIELDS: Final = ("label", "role", "advertiser", "publisher", "expires_on")
_KNOWN: Final = {"expires_at": "expires_on"}
_soon_us: Final = 7 * DAY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A key as the pages show it.

    Attributes:
        state: active, expired or revoked; a word and the badge's colour follow from it.
        party: whose rows it sees, by name, with the party's page; None for the roles of the house.
        soon: it expires within a week, so that somebody should replace it.
    """

    key: KeyOut
    label: str
    state: str
    party: tuple[str, str] | None
    soon: bool
    of_data_folder: bool

    @property
    def path(self) -> str:
        return f"/settings/keys/{public('api_key', self.key.id)}"


@pages.get("/settings/keys")
def show_list(visit: Visit) -> Response:
    return _list_page(visit)


@pages.get("/settings/keys/new")
def new(visit: Visit) -> Response:
    if not _may_change(visit):
        raise Refused(Refusal(code="role_not_allowed", message="Keys are made by operators.", kind=Kind.FORBIDDEN))
    return _new_page(visit, Filled())


@pages.post("/settings/keys/new")
def create(visit: Visit) -> Response:
    fields = _asked(visit)
    made = fields if isinstance(fields, Refusal) else records.change(visit, "key.create", fields)
    if isinstance(made, Refusal):
        if made.kind is Kind.FORBIDDEN:
            raise Refused(made)
        return _new_page(visit, records.refilled(visit, made, *_FIELDS, known=_KNOWN), status_of(made))
    if isinstance(made, Repeated):
        # Which key it was is known, but not the key: only the first answer had it.
        return visit.redirect(f"/settings/keys/{made.act.subject}", Toast(visit.say("api_keys.repeated"), tone="bad"))
    # Shown once, so it is this answer and no other.
    return _list_page(visit, created=made)


@pages.get("/settings/keys/{key}")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/settings/keys/{key}/revoke")
def revoke(visit: Visit) -> Response:
    """For ever, so it is asked for with a reason, and nothing offers to undo it."""
    before = _found(visit)
    fields = {"key": public("api_key", before.id), "reason": visit.form.text("reason")}
    made = records.change(visit, "key.revoke", fields)
    if isinstance(made, Refusal):
        if made.kind is Kind.FORBIDDEN:
            raise Refused(made)
        return _page(visit, revoke=records.refilled(visit, made, "reason"), status=status_of(made))
    toast = Toast(visit.say("api_keys.revoked", label=key_label(visit.look, before.label)))
    return records.answered(visit, made, f"/settings/keys/{public('api_key', before.id)}", toast)


# Pages ----------------------------------------------------------------------------------------------------------------


def _list_page(visit: Visit, created: KeyCreated | None = None) -> Response:
    # What still works comes first, and of that the newest.
    keys = sorted(_all(visit), key=lambda key: (_state(visit, key) != "active", -key.id))
    number = records.page_number(visit)
    shown = keys[(number - 1) * page_rows : number * page_rows]
    newer, older = records.turned(Address("/settings/keys"), number, len(keys) > number * page_rows)
    names = _names(visit, shown)
    return visit.page(
        "pages/keys.html",
        rows=[_row(visit, key, names) for key in shown],
        nothing=not keys,
        created=created,
        created_label=created and key_label(visit.look, created.details.label),
        newer=newer,
        older=older,
        may_change=_may_change(visit),
    )


def _new_page(visit: Visit, form: Filled, status: int = 200) -> Response:
    say = visit.say
    return visit.page(
        "pages/key_new.html",
        status_code=status,
        form=form,
        roles=[(role.value, say(f"role.{role.value}"), say(f"api_keys.scope.{role.value}")) for role in ROLES],
        parties={
            kind: [("", say("api_keys.choose")), *((public(kind, one.id), one.name) for one in _by_name(visit, kind))]
            for kind in _PARTIES
        },
        tomorrow=(visit.look.formats.today + timedelta(days=1)).isoformat(),
        once=records.once(visit),
    )


def _page(visit: Visit, *, revoke: Filled | None = None, status: int = 200) -> Response:
    found = _found(visit)
    named = public("api_key", found.id)
    return visit.page(
        "pages/key.html",
        status_code=status,
        row=_row(visit, found, _names(visit, [found])),
        named=named,
        deeds=records.deeds_of(visit, named),
        revoke=revoke or Filled(),
        may_change=_may_change(visit),
        once=records.once(visit),
    )


# Keys -----------------------------------------------------------------------------------------------------------------


def _asked(visit: Visit) -> dict[str, object] | Refusal:
    """The input of key.create. The form has a party for each role that needs one; what was chosen for another role than
    the one that was chosen in the end is not meant."""
    role = visit.form.text("role")
    fields = visit.form.fields("label", "role", *(kind for kind in _PARTIES if kind == role))
    if text := visit.form.text("expires_on"):
        try:
            day = date.fromisoformat(text)
            # The day that is named still counts, as the reader lives it.
            end_us = local_midnight(day + timedelta(days=1), visit.look.formats.timezone)
        except (ValueError, OverflowError):
            return Refusal(code="input_invalid", message=visit.say("needs.expires_on"), field="expires_on")
        fields["expires_at"] = from_us(end_us - SECOND_US)
    return fields


def _all(visit: Visit) -> Sequence[KeyOut]:
    found: list[KeyOut] = []
    while True:
        after = {"after": public("api_key", found[-1].id)} if found else {}
        more: Sequence[KeyOut] = visit.perform("key.list", limit=records.many, **after).keys
        found.extend(more)
        if len(more) < records.many:
            return found


def _found(visit: Visit) -> KeyOut:
    """The key in the address.

    Raises:
        NotHere: there is none.
    """
    asked = visit.id("key", "api_key")
    after = {"after": public("api_key", asked - 1)} if asked > 1 else {}
    found: Sequence[KeyOut] = visit.perform("key.list", limit=1, **after).keys
    if not found or found[0].id != asked:
        raise NotHere
    return found[0]


def _row(visit: Visit, key: KeyOut, names: Mapping[str, str]) -> Row:
    state = _state(visit, key)
    expires_us = None if key.expires_at is None else to_us(key.expires_at)
    party = _party(key)
    return Row(
        key=key,
        label=key_label(visit.look, key.label),
        state=state,
        party=None if party is None else (names.get(party, party), f"/{_kind(key)}s/{party}"),
        soon=state == "active" and expires_us is not None and expires_us < visit.look.formats.now_us + _soon_us,
        of_data_folder=key.label == DATA_FOLDER_LABEL,
    )


def _state(visit: Visit, key: KeyOut) -> str:
    if key.revoked_at is not None:
        return "revoked"
    expired = key.expires_at is not None and to_us(key.expires_at) <= visit.look.formats.now_us
    return "expired" if expired else "active"


def _kind(key: KeyOut) -> str:
    return "advertiser" if key.advertiser is not None else "publisher"


def _party(key: KeyOut) -> str | None:
    """The public id of whose rows the key sees."""
    party = key.advertiser or key.publisher
    return None if party is None else public(_kind(key), party)


def _names(visit: Visit, keys: Sequence[KeyOut]) -> Mapping[str, str]:
    return records.names(visit, (party for key in keys if (party := _party(key))))


def _by_name(visit: Visit, kind: str) -> Sequence[Any]:
    return sorted(records.listed(visit, kind), key=lambda one: one.name.lower())


def _may_change(visit: Visit) -> bool:
    return visit.person.user.role == Role.OPERATOR
