"""Signing in, against the real database: links that work once, sessions that end, and what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from typing import Any

import psycopg
import pytest

from conftest import Database
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app import people, sessions
from warum.app.call import Caller, Change, Deps, perform
from warum.app.sessions import SignedIn
from warum.domain.sealing import Sealer
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope

PASSWORD = "quite a long sentence 7"


class Clock:
    def __init__(self) -> None:
        self.now_us = 1_800_000_000 * SECOND_US

    def __call__(self) -> int:
        return self.now_us


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deps(module_database: Database, clock: Clock) -> Iterator[Deps]:
    with psycopg.connect(module_database.admin) as admin:
        admin.execute("truncate warum.session, warum.setup_link, warum.user_account, warum.act restart identity")
    numbers = count()

    def entropy(size: int) -> bytes:
        return sha256(b"%d" % next(numbers)).digest()[:size]

    with PostgresDatabase(module_database.app, VAULT) as database:
        yield Deps(
            database=database,
            now_us=clock,
            entropy=entropy,
            sealer=Sealer(bytes(32)),
            edge_url="http://edge.example",
            version="test",
        )


def token_of(path: str | None) -> str:
    assert path is not None
    return path.rpartition("/")[2]


def first_operator(deps: Deps) -> SignedIn:
    made = sessions.start(
        deps,
        token_of(sessions.setup_link(deps)),
        name="Ana",
        email="Ana@Network.example",
        password=PASSWORD,
        locale="de",
    )
    assert isinstance(made, SignedIn)
    return made


def change(deps: Deps, caller: Caller, run: Any, model: type, ask: object) -> object:
    operation = Change(name="test", summary="", input=model, output=object, roles=frozenset({Role.OPERATOR}), run=run)
    return perform(operation, deps, caller, ask)


def test_the_first_link_makes_the_first_operator_and_then_there_is_none(deps: Deps) -> None:
    person = first_operator(deps)
    assert (person.user.role, person.user.email, person.user.locale) == ("operator", "ana@network.example", "de")
    assert person.caller == Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.PERSON, actor=f"usr_{person.user.id}")
    assert sessions.session_of(deps, person.token) == person
    assert sessions.setup_link(deps) is None


def test_a_link_works_once_and_a_newer_one_takes_its_place(deps: Deps) -> None:
    old, new = token_of(sessions.setup_link(deps)), token_of(sessions.setup_link(deps))
    assert isinstance(sessions.open_link(deps, old), Refusal)
    assert not isinstance(sessions.open_link(deps, new), Refusal)
    assert isinstance(
        sessions.start(deps, new, name="Ana", email="a@b.example", password=PASSWORD, locale="en"), SignedIn
    )
    again = sessions.start(deps, new, name="Eve", email="e@b.example", password=PASSWORD, locale="en")
    assert isinstance(again, Refusal) and again.code == "link_spent"


def test_a_link_is_good_for_a_week(deps: Deps, clock: Clock) -> None:
    token = token_of(sessions.setup_link(deps))
    clock.now_us += 7 * DAY_US
    assert isinstance(sessions.open_link(deps, token), Refusal)


def test_a_weak_password_leaves_the_link_usable(deps: Deps) -> None:
    token = token_of(sessions.setup_link(deps))
    refused = sessions.start(deps, token, name="Ana", email="ana@b.example", password="ana@b.example1", locale="en")
    assert isinstance(refused, Refusal) and (refused.code, refused.field) == ("password_guessable", "password")
    assert not isinstance(sessions.open_link(deps, token), Refusal)


def test_signing_in_says_the_same_no_to_everybody(deps: Deps) -> None:
    person = first_operator(deps)
    door = sessions.doorkeeper()

    def attempt(email: str, password: str) -> SignedIn | Refusal:
        return sessions.sign_in(deps, door, email=email, password=password, address="192.0.2.1")

    assert isinstance(attempt(" ANA@network.example ", PASSWORD), SignedIn)
    noes = {attempt("ana@network.example", "wrong"), attempt("nobody@network.example", PASSWORD)}
    made = change(
        deps,
        person.caller,
        people.create_user,
        people.UserCreate,
        people.UserCreate(name="Bo", email="bo@network.example", role="manager"),
    )  # has no password yet
    assert isinstance(made, people.PasswordLink)
    noes.add(attempt("bo@network.example", ""))
    assert {no.code for no in noes if isinstance(no, Refusal)} == {"sign_in_failed"}
    assert len(noes) == 1


def test_guessing_is_slowed_per_account_and_per_address(deps: Deps, clock: Clock) -> None:
    first_operator(deps)
    door = sessions.doorkeeper()

    def attempt(email: str, address: str, password: str = "wrong") -> str:
        answer = sessions.sign_in(deps, door, email=email, password=password, address=address)
        return answer.code if isinstance(answer, Refusal) else "in"

    assert [attempt("ana@network.example", f"192.0.2.{n}") for n in range(6)][-2:] == [
        "sign_in_failed",
        "attempts_too_many",
    ]
    assert attempt("ana@network.example", "198.51.100.1", PASSWORD) == "attempts_too_many"
    clock.now_us += 30 * SECOND_US
    assert attempt("ana@network.example", "198.51.100.1", PASSWORD) == "in"
    codes = [attempt(f"x{n}@network.example", "203.0.113.9") for n in range(21)]
    assert codes[-2:] == ["sign_in_failed", "attempts_too_many"]


@pytest.mark.parametrize("email", ["x" * 200_000, "a\x00b@network.example", ""])
def test_what_is_no_address_is_nobodys_and_takes_no_room(deps: Deps, email: str) -> None:
    door = sessions.doorkeeper()
    failed = sessions.sign_in(deps, door, email=email, password=PASSWORD, address="192.0.2.1")
    assert isinstance(failed, Refusal) and failed.code == "sign_in_failed"
    assert sum(map(len, door.accounts._empty_until_us)) == 0  # pyright: ignore[reportPrivateUsage]


def test_a_session_ends_when_idle_and_after_a_week(deps: Deps, clock: Clock) -> None:
    person = first_operator(deps)
    began_us = clock.now_us
    while clock.now_us < began_us + 7 * DAY_US:
        assert sessions.session_of(deps, person.token) is not None
        clock.now_us += 11 * HOUR_US
    assert sessions.session_of(deps, person.token) is None

    door = sessions.doorkeeper()
    again = sessions.sign_in(deps, door, email="ana@network.example", password=PASSWORD, address="192.0.2.1")
    assert isinstance(again, SignedIn)
    clock.now_us += 12 * HOUR_US - MINUTE_US
    assert sessions.session_of(deps, again.token) is not None
    clock.now_us += 12 * HOUR_US
    assert sessions.session_of(deps, again.token) is None


def test_signing_out_and_a_new_password_end_sessions(deps: Deps) -> None:
    person = first_operator(deps)
    door = sessions.doorkeeper()
    other = sessions.sign_in(deps, door, email="ana@network.example", password=PASSWORD, address="192.0.2.1")
    assert isinstance(other, SignedIn)
    assert sessions.change_password(deps, door, person, current="no", password="another long sentence 8") is not None
    assert sessions.change_password(deps, door, person, current=PASSWORD, password="another long sentence 8") is None
    assert sessions.session_of(deps, other.token) is None
    assert sessions.session_of(deps, person.token) is not None
    sessions.sign_out(deps, person)
    assert sessions.session_of(deps, person.token) is None


def test_an_invited_person_sets_a_password_and_comes_in_with_their_role(deps: Deps) -> None:
    operator = first_operator(deps)
    made = change(
        deps,
        operator.caller,
        people.create_user,
        people.UserCreate,
        people.UserCreate(name="Bo", email="Bo@network.example", role="auditor"),
    )
    assert isinstance(made, people.PasswordLink)
    person = sessions.start(deps, token_of(made.path), name="", email="", password=PASSWORD + "!", locale="en")
    assert isinstance(person, SignedIn)
    assert person.caller.scope == Scope(Role.AUDITOR)
    twice = change(
        deps,
        operator.caller,
        people.create_user,
        people.UserCreate,
        people.UserCreate(name="Bo", email="bo@network.example", role="auditor"),
    )
    assert isinstance(twice, Refusal) and twice.code == "email_taken"


def test_disabling_signs_out_at_once_and_the_last_operator_stays(deps: Deps) -> None:
    operator = first_operator(deps)
    alone = change(
        deps, operator.caller, people.disable_user, people.UserDisable, people.UserDisable(user=operator.user.id)
    )
    assert isinstance(alone, Refusal) and (alone.code, alone.kind) == ("operator_last", Kind.CONFLICT)
    demoted = change(
        deps,
        operator.caller,
        people.change_role,
        people.UserRole,
        people.UserRole(user=operator.user.id, role="auditor"),
    )
    assert isinstance(demoted, Refusal) and demoted.code == "operator_last"

    entered = sessions.enter(deps, token_of(sessions.demo_link(deps, name="Mia", email="mia@demo.example")))
    assert isinstance(entered, SignedIn)
    gone = change(
        deps, operator.caller, people.disable_user, people.UserDisable, people.UserDisable(user=entered.user.id)
    )
    assert isinstance(gone, people.UserOut) and gone.disabled_at is not None
    assert sessions.session_of(deps, entered.token) is None
    assert isinstance(
        sessions.enter(deps, token_of(sessions.demo_link(deps, name="Mia", email="mia@demo.example"))), Refusal
    )


def test_the_demo_signs_in_at_once_and_once(deps: Deps) -> None:
    token = token_of(sessions.demo_link(deps, name="Mia", email="mia@demo.example"))
    entered = sessions.enter(deps, token)
    assert isinstance(entered, SignedIn) and entered.caller.scope.role is Role.MANAGER
    assert isinstance(sessions.enter(deps, token), Refusal)
    assert sessions.setup_link(deps) is not None, "the demo's manager is no operator"


def test_every_act_has_its_actor(deps: Deps, module_database: Database) -> None:
    person = first_operator(deps)
    sessions.sign_out(deps, person)
    with psycopg.connect(module_database.admin) as admin:
        rows = admin.execute("select actor_kind, actor, operation from warum.act order by id").fetchall()
    assert rows == [
        ("person", "usr_1", "user.create"),
        ("person", "usr_1", "session.open"),
        ("person", "usr_1", "session.close"),
    ]


def test_neither_tokens_nor_passwords_are_kept(deps: Deps, module_database: Database) -> None:
    person = first_operator(deps)
    with psycopg.connect(module_database.admin) as admin:
        rows = str(
            admin.execute("select s, u, l from warum.session s, warum.user_account u, warum.setup_link l").fetchall()
        )
    assert person.token not in rows
    assert PASSWORD not in rows
    with psycopg.connect(module_database.reader) as reader, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("select * from warum.session")
