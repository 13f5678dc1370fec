"""How commands end that need the configuration, the secrets and the database: what is missing is said in words, with
the exit code that goes with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from warum.main.config import Config, ConfigError, load_config
from warum.main.database import DatabaseError
from warum.main.embedded import EmbeddedError
from warum.main.logs import masked
from warum.main.secret_store import Secrets, SecretsError, load_secrets
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable

OK: Final = 0
FAILED: Final = 1
NOT_UNDERSTOOD: Final = 2


def attempt(work: Callable[[Config, Secrets], int]) -> int:
    """The exit code of the work, which is given the configuration of this place and the secrets of its data folder."""
    try:
        config = load_config(os.environ, Path.cwd())
        return work(config, load_secrets(config.data))
    except ConfigError as error:
        return _said(str(error), NOT_UNDERSTOOD)
    except (DatabaseError, DatabaseMisfit, EmbeddedError, SecretsError) as error:
        return _said(masked(str(error)), FAILED)
    except DatabaseUnavailable as error:
        return _said(f"the database does not answer; does `warum up` run? ({masked(str(error))})", FAILED)


def _said(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code
