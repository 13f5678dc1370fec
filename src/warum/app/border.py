"""How values look outside: prefixed ids, money with its currency, moments with their zone.

Inputs and outputs of operations are frozen dataclasses whose fields say their meaning once; REST, command line and
reference page read it from there. Inside the functions an id is an integer and an amount is minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias, TypeVar, dataclass_transform

from pydantic import AwareDatetime, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from warum.kernel.ids import PREFIXES, private, public
from warum.kernel.money import decimal
from warum.kernel.period import from_us
from warum.kernel.refusal import Kind, Refusal

_T = TypeVar("_T")

_STRICT: Final = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def border(cls: type[_T]) -> type[_T]:
    """A frozen dataclass that takes no field which it does not know."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    made.__pydantic_config__ = _STRICT  # pyright: ignore[reportAttributeAccessIssue]
    return made


@dataclass(frozen=True, slots=True)
class PublicId:
    """Annotates an integer that travels as prefixed text, such as ``adv_12``."""

    kind: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._write, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{PREFIXES[self.kind]}_[1-9][0-9]{{0,18}}$"}

    def _read(self, text: object) -> int:
        found = private(self.kind, text.strip()) if isinstance(text, str) else None
        if found is None:
            raise ValueError(f"expects an id such as {public(self.kind, 12)}")
        return found

    def _write(self, value: int) -> str:
        return public(self.kind, value)


AdvertiserRef: TypeAlias = Annotated[int, PublicId("advertiser")]
PublisherRef: TypeAlias = Annotated[int, PublicId("publisher")]
ProgramRef: TypeAlias = Annotated[int, PublicId("program")]
OfferRef: TypeAlias = Annotated[int, PublicId("offer")]
LandingPageRef: TypeAlias = Annotated[int, PublicId("landing_page")]
AllocationRef: TypeAlias = Annotated[int, PublicId("allocation")]
PartnershipRef: TypeAlias = Annotated[int, PublicId("partnership")]
LinkRef: TypeAlias = Annotated[int, PublicId("link")]
CreativeRef: TypeAlias = Annotated[int, PublicId("creative")]
SlotRef: TypeAlias = Annotated[int, PublicId("slot")]
RuleRef: TypeAlias = Annotated[int, PublicId("rule_version")]
ConversionRef: TypeAlias = Annotated[int, PublicId("conversion")]
TargetRef: TypeAlias = Annotated[int, PublicId("postback_target")]
KeyRef: TypeAlias = Annotated[int, PublicId("api_key")]
UserRef: TypeAlias = Annotated[int, PublicId("user")]
ReportRef: TypeAlias = Annotated[int, PublicId("report")]
ProposalRef: TypeAlias = Annotated[int, PublicId("proposal")]
ContestRef: TypeAlias = Annotated[int, PublicId("contest")]
NoteRef: TypeAlias = Annotated[int, PublicId("note")]
TxnRef: TypeAlias = Annotated[int, PublicId("txn")]
WebhookRef: TypeAlias = Annotated[int, PublicId("webhook")]
MessageRef: TypeAlias = Annotated[int, PublicId("message")]
ActRef: TypeAlias = Annotated[int, PublicId("act")]

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200, description="What people call it.")]
Code: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9-]{1,39}$",
        description="Public code: small letters, digits and hyphens; chosen by chance when left out. Never changes.",
    ),
]
Currency: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217, such as EUR.")]
ReasonText: TypeAlias = Annotated[
    str, Field(min_length=3, max_length=500, description="Why, in words. Whoever it concerns will read them.")
]
Version: TypeAlias = Annotated[
    int,
    Field(ge=1, description="The row version that you saw; a newer one refuses the change. Left out: any."),
]
Limit: TypeAlias = Annotated[int, Field(ge=1, le=500, description="How many at most.")]
Moment: TypeAlias = Annotated[AwareDatetime, Field(description="RFC 3339, with its zone.")]
Amount: TypeAlias = Annotated[
    Decimal, Field(ge=0, max_digits=18, description="In whole units of the currency, such as 2.50.")
]


@border
class Money:
    """An amount, exact in minor units, and as people write it."""

    amount_minor: Annotated[int, Field(description="Minor units: cents of a euro.")]
    amount: Annotated[str, Field(description="The same with its decimal point.")]
    currency: str


def money(amount_minor: int, currency: str) -> Money:
    return Money(amount_minor=amount_minor, amount=decimal(amount_minor, currency), currency=currency)


def moment(moment_us: int | None) -> datetime | None:
    """None stays None: it has not happened."""
    return None if moment_us is None else from_us(moment_us)


def missing(kind: str, value: int, field: str | None = None) -> Refusal:
    """There is no such row, or none that the caller may see: the answer is the same."""
    return Refusal(
        code=f"{kind}_unknown",
        message=f"There is no {kind.replace('_', ' ')} {public(kind, value)}, or it is not yours.",
        field=field or kind,
        kind=Kind.NOT_FOUND,
    )


def stale(row_version: int, expected: int | None) -> Refusal | None:
    """A conflict when the row is no longer the one that the change was made from."""
    if expected is None or expected == row_version:
        return None
    return Refusal(
        code="row_version_stale",
        message=f"It was changed meanwhile: you saw version {expected}, it is now at version {row_version}. "
        "Read it again, and repeat the change if you still want it.",
        field="expected_version",
        kind=Kind.CONFLICT,
    )
