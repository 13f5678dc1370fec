"""The catalog of the sample network: made once, by operations, and again only where it has to move."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warum.main.config import Config
from warum.main.demo.command import seed
from warum.main.wiring import open_deps
from warum.ports.database import Role, Scope, Tx

ALL = 10_000


def test_it_is_made_once_and_moves_with_the_web_server(module_database: Any, tmp_path: Path):
    config = Config(data=tmp_path, database_url=module_database.admin)
    secrets = module_database.cluster.secrets
    first = seed(config, secrets)
    with open_deps(config, secrets) as deps:

        def count() -> tuple[int, int]:
            """(active links, the newest act)."""
            with deps.database.transaction(Scope(Role.OPERATOR)) as tx:
                (act,) = tx.acts.acts(subject=None, before=None, limit=1)
                return len([link for link in links(tx) if link.retired_us is None]), act.id

        made = count()
        assert seed(config, secrets) == first
        assert count() == made, "a second start changes nothing"
        moved = seed(Config(data=tmp_path, database_url=module_database.admin, web_port=9_999), secrets)
        assert moved.shops.keys() == first.shops.keys()
        assert count()[0] == made[0], "every link has a successor"
        with deps.database.transaction(Scope(Role.OPERATOR)) as tx:
            offers = {offer.id: offer for offer in tx.catalog.offers(program=None, after=0, limit=ALL)}
            active = {offers[link.offer] for link in links(tx) if link.retired_us is None}
            waiting = [
                one
                for one in tx.catalog.partnerships(program=None, publisher=None, status=None, after=0, limit=ALL)
                if one.decided_us is None
            ]
    assert all(page.url.startswith("http://127.0.0.1:9999/demo/") for offer in active for page in offer.landing_pages)
    assert waiting, "somebody waits for an answer"
    assert first.command is not None
    assert "/c/" in first.command


def links(tx: Tx) -> Any:
    return tx.catalog.links(partnership=None, offer=None, program=None, after=0, limit=ALL)
