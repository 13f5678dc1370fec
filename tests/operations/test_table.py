"""What is declared once is reachable both ways, and documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from warum.app import codec
from warum.app.call import Change
from warum.app.operations import BY_NAME, OPERATIONS
from warum.main.cli import main
from warum.main.cli_words import parser_of
from warum.main.reference import pages
from warum.ports.database import Role
from warum.web.openapi import openapi

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
DOCUMENT = openapi(OPERATIONS, version="1.2.3")

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


@pytest.fixture(scope="module")
def operations_page() -> str:
    return (REFERENCE / "operations.md").read_text(encoding="utf-8")


@each_operation
def test_every_operation_is_documented(operation: Any, operations_page: str):
    assert f"\n## {operation.name}\n\n{operation.summary}\n" in operations_page


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_reference_is_what_the_tables_say(name: str):
    assert (REFERENCE / name).read_text(encoding="utf-8") == pages()[name], "run: warum reference"


@each_operation
def test_every_operation_is_reachable_by_rest(operation: Any):
    (method, described), *others = DOCUMENT["paths"][f"/v1/{operation.name}"].items()
    assert not others
    assert method == ("post" if isinstance(operation, Change) else "get")
    assert described["operationId"] == operation.name
    assert described["summary"] == operation.summary


@each_operation
def test_every_operation_is_reachable_by_command(operation: Any, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([*operation.name.split("."), "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for name, _, _ in codec.fields(operation):
        assert f"--{name.replace('_', '-')} " in said
    assert parser_of(operation).prog == f"warum {operation.name.replace('.', ' ')}"


@each_operation
def test_every_operation_reads_well(operation: Any):
    assert re.fullmatch(r"[a-z]+(\.[a-z]+){1,2}", operation.name)
    assert operation.summary.endswith(".")
    assert operation.summary[0].isupper()
    assert operation.roles


def test_parties_change_their_own_and_little_of_it():
    """A party writes no row; a change that it may make says first how it is known to be its own."""
    by_parties = {
        operation.name: operation
        for operation in OPERATIONS
        if isinstance(operation, Change) and operation.roles & {Role.ADVERTISER, Role.PUBLISHER}
    }
    assert by_parties.keys() == {
        "conversion.approve",
        "conversion.decline",
        "creative.availability",
        "contest.open",
        "message.read",
        "webhook.create",
        "webhook.change",
        "webhook.remove",
    }
    assert all(operation.own for operation in by_parties.values())


def test_names_are_unique():
    assert len(BY_NAME) == len(OPERATIONS)


def test_the_description_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    identities = [described["operationId"] for path in DOCUMENT["paths"].values() for described in path.values()]
    assert len(identities) == len(set(identities))
    for path, methods in DOCUMENT["paths"].items():
        assert path.startswith("/")
        for described in methods.values():
            assert all("description" in response for response in described["responses"].values())
            for parameter in described.get("parameters", ()):
                assert {"name", "in", "schema"} <= parameter.keys()


def test_the_description_refers_only_to_what_it_holds():
    references = set(re.findall(r'"\$ref": "([^"]*)"', codec.json.dumps(DOCUMENT)))
    assert references
    for reference in references:
        assert reference.startswith("#/components/schemas/")
        assert reference.rpartition("/")[2] in DOCUMENT["components"]["schemas"]
