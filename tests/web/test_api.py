from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from operations.house import House
from warum.app.call import Change
from warum.app.operations import OPERATIONS
from warum.kernel.refusal import Kind
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable
from warum.web.api import body_bytes_max, make_app
from warum.web.errors import status_of

from .browser import Browser


def client(house: House, key: str | None) -> Browser:
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    return Browser(make_app(house.deps), headers=headers)


@pytest.fixture(scope="module")
def api(shared: House) -> Browser:
    return client(shared, shared.do("key.create", label="api", role="operator")["key"])


def code(answer: Any) -> str:
    error = answer.json()["error"]
    assert error.keys() == {"code", "message", "field"}
    assert error["message"][-1] in ".?}"
    return error["code"]


def test_a_change_and_a_read(api: Browser):
    made = api.post("/v1/advertiser.create", json={"name": "Seeblick"})
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    shown = api.get("/v1/advertiser.show", params={"advertiser": made.json()["id"]})
    assert shown.json()["advertiser"] == made.json()


def test_a_key_is_the_actor(api: Browser):
    made = api.post("/v1/publisher.create", json={"name": "Ana"}).json()
    (act,) = api.get("/v1/act.list", params={"subject": made["id"]}).json()["acts"]
    assert act["actor"].startswith("key key_")


@pytest.mark.parametrize(
    "authorization", [None, "Bearer nonsense", "Bearer", "Basic eDp5", "Bearer " + "x" * 5000, "Bearer é"]
)
def test_without_a_key_nothing_opens(shared: House, authorization: str | None):
    headers = {} if authorization is None else {"authorization": authorization.encode("latin-1")}
    answer = client(shared, None).get("/v1/status.show", headers=headers)  # pyright: ignore
    assert (answer.status_code, code(answer)) == (401, "key_needed")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_asks_for_a_key(shared: House, operation: Any):
    method = "POST" if isinstance(operation, Change) else "GET"
    nobody = client(shared, None)
    assert nobody.request(method, f"/v1/{operation.name}").status_code == 401
    wrong = nobody.request("GET" if method == "POST" else "POST", f"/v1/{operation.name}")
    assert (wrong.status_code, code(wrong)) == (405, "method_not_allowed")


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_no_has_its_status(kind: Kind):
    assert status_of(kind) in (403, 404, 409, 422)


def test_refusals_keep_one_shape(api: Browser, shared: House):
    missing = api.get("/v1/advertiser.show", params={"advertiser": "adv_99999"})
    assert (missing.status_code, code(missing)) == (404, "advertiser_unknown")
    invalid = api.post("/v1/advertiser.create", json={"name": "x", "nmae": "y"})
    assert (invalid.status_code, code(invalid)) == (422, "input_invalid")
    assert invalid.json()["error"]["field"] == "nmae"
    advertiser = api.post("/v1/advertiser.create", json={"name": "x"}).json()["id"]
    stale = api.post("/v1/advertiser.rename", json={"advertiser": advertiser, "name": "y", "expected_version": 5})
    assert (stale.status_code, code(stale)) == (409, "row_version_stale")
    auditor = client(shared, shared.do("key.create", label="aud", role="auditor")["key"])
    forbidden = auditor.post("/v1/advertiser.create", json={"name": "x"})
    assert (forbidden.status_code, code(forbidden)) == (403, "role_not_allowed")
    nowhere = api.get("/v1/advertiser.dance")
    assert (nowhere.status_code, code(nowhere)) == (404, "address_unknown")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", "body_not_json"),
        (b"[]", "body_not_object"),
        (b"7", "body_not_object"),
        (b"\xff", "body_not_json"),
        (b"[" * 100_000, "body_not_json"),
        (b" " * (body_bytes_max + 1), "body_too_large"),
        (b"", "input_invalid"),
    ],
)
def test_bodies_that_cannot_be_read(api: Browser, body: bytes, expected: str):
    answer = api.post("/v1/advertiser.create", content=body)
    assert (answer.status_code, code(answer)) == (422, expected)


def test_a_publishers_key_sees_its_own_rows(api: Browser, shared: House):
    ana, ben = (api.post("/v1/publisher.create", json={"name": name}).json()["id"] for name in ("Ana", "Ben"))
    key = api.post("/v1/key.create", json={"label": "Ana", "role": "publisher", "publisher": ana}).json()["key"]
    own = client(shared, key)
    assert [one["id"] for one in own.get("/v1/publisher.list").json()["publishers"]] == [ana]
    assert own.get("/v1/publisher.show", params={"publisher": ben}).status_code == 404
    assert own.get("/v1/key.list").status_code == 403


def test_the_description_is_open(shared: House):
    document = client(shared, None).get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert len(document["paths"]) == len(OPERATIONS)


@pytest.mark.parametrize(
    ("failure", "status", "expected"),
    [
        (DatabaseUnavailable("away"), 503, "database_unavailable"),
        (DatabaseMisfit("old"), 500, "internal"),
        (RuntimeError("secret detail"), 500, "internal"),
    ],
)
def test_a_failure_is_answered_without_its_details(shared: House, failure: Exception, status: int, expected: str):
    class Away:
        @contextmanager
        def transaction(self, scope: Any) -> Any:
            raise failure
            yield

    deps = replace(shared.deps, database=Away())
    broken = Browser(make_app(deps), headers={"authorization": "Bearer k"})
    answer = broken.get("/v1/status.show")
    assert (answer.status_code, code(answer)) == (status, expected)
    assert "secret detail" not in answer.text
