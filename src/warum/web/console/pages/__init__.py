"""The pages of the console, a module for each part. A module is listed here and brings its own ``pages``."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from warum.web.console.pages import (
    advertisers,
    ask,
    bots,
    conversions,
    decisions,
    inbox,
    keys,
    links,
    live,
    log,
    messages,
    offers,
    partnerships,
    programs,
    publishers,
    rules,
    settings,
    sign_in,
    steering,
    style,
    today,
)

MODULES: Final[tuple[ModuleType, ...]] = (
    sign_in,
    today,
    live,
    decisions,
    bots,
    steering,
    ask,
    programs,
    rules,
    offers,
    advertisers,
    publishers,
    partnerships,
    links,
    conversions,
    inbox,
    messages,
    log,
    settings,
    keys,
    style,
)
