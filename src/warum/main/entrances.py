"""The addresses printed for people at the start: one makes the first account, the other one enters the demo."""

from __future__ import annotations

from typing import Final

from warum.app.sessions import demo_link, setup_link
from warum.main.config import Config
from warum.main.secret_store import load_secrets
from warum.main.wiring import open_deps

DEMO_NAME: Final = "Mia Berger"
DEMO_EMAIL: Final = "mia@demo.example"


def first_link(config: Config) -> str | None:
    """Where the first operator is made, once; None when there is one. A link printed before stops working."""
    with open_deps(config, load_secrets(config.data), connections_max=1, name="warum start") as deps:
        path = setup_link(deps)
    return None if path is None else config.web_base_url + path


def demo_entrance(config: Config) -> str:
    """Signs in at once, and once, as the demo's account manager. For a demonstration's data folder alone."""
    with open_deps(config, load_secrets(config.data), connections_max=1, name="warum demo") as deps:
        return config.web_base_url + demo_link(deps, name=DEMO_NAME, email=DEMO_EMAIL)
