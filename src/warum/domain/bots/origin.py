"""Where an answer comes from: the bot, its facts and seed, and the environment that the last digits depend on."""

from __future__ import annotations

import platform
from typing import cast

import numpy as np
import scipy

from warum.domain.bots.contract import AnyBot, facts_hash
from warum.domain.decisions import Origin, Parameter


def origin(bot: AnyBot, facts: object, *, model: str, seed: int) -> Origin:
    """Who computes what, from what, and where."""
    return Origin(
        bot=bot.name, version=bot.version, model=model, facts=facts_hash(facts), seed=seed, environment=environment()
    )


def environment() -> tuple[Parameter, ...]:
    """What the last digits depend on: versions, the BLAS build, and the vector instructions in use."""
    build = cast("dict[str, dict[str, object]]", np.show_config(mode="dicts"))
    blas = cast("dict[str, object]", build["Build Dependencies"]["blas"])
    vector = cast("list[str]", build["SIMD Extensions"].get("found", []))
    return (
        Parameter(name="python", value=platform.python_version()),
        Parameter(name="numpy", value=np.__version__),
        Parameter(name="scipy", value=scipy.__version__),
        Parameter(name="blas", value=f"{blas['name']} {blas['version']}"),
        Parameter(name="machine", value=platform.machine()),
        Parameter(name="vector", value=" ".join(vector)),
    )
