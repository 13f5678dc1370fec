"""The web process: REST, the console and the status page, served by granian. It waits for the database at its start,
and goes on through an outage later."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

from granian.constants import Interfaces
from granian.server.embed import Server

from warum.app.call import Deps
from warum.app.keys import register_operator_key
from warum.main.config import ENV_SUPERVISED, Config, ConfigError, load_config
from warum.main.database import DatabaseError
from warum.main.demo_site import read_door
from warum.main.embedded import EmbeddedError
from warum.main.logs import masked, setup_logging
from warum.main.secret_store import SecretsError, load_secrets
from warum.main.wiring import open_deps
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable
from warum.web.api import make_app
from warum.web.console.app import make_console, reader_of
from warum.web.console.assets import AssetsMissing

_connections_max: Final = 8
_retry_s: Final = 0.5
_stop_s_max: Final = 5.0
_poll_s: Final = 0.01
_EXPECTED: Final = (AssetsMissing, ConfigError, DatabaseError, DatabaseMisfit, EmbeddedError, OSError, SecretsError)

_log: Final = logging.getLogger("warum.web")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit code. Prints a line that begins with ``ready``."""
    del arguments
    try:
        config = load_config(os.environ, Path.cwd())
        setup_logging("web", config.log_level, supervised=os.environ.get(ENV_SUPERVISED) == "1")
        # The pool says at each attempt what an answer says once.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        with ExitStack() as stack:
            secrets = load_secrets(config.data)
            deps = stack.enter_context(open_deps(config, secrets, connections_max=_connections_max, name="warum web"))
            _register(deps, secrets.operator_api_key)
            _refuse_taken(config)
            console = make_console(deps, trusted_proxies=config.trusted_proxies)
            reader = reader_of(deps, trusted_proxies=config.trusted_proxies)
            asyncio.run(_serve(config, make_app(deps, door=read_door(config.data), console=console, reader=reader)))
    except _EXPECTED as error:
        print(f"web: {masked(str(error))}", file=sys.stderr)
        return 1
    return 0


def _register(deps: Deps, key: str) -> None:
    """The first word with the database; it may still be starting."""
    said = False
    while True:
        try:
            return register_operator_key(deps, key)
        except DatabaseUnavailable as error:
            if not said:
                _log.warning("the database does not answer yet: %s", error)
                said = True
            time.sleep(_retry_s)


def _refuse_taken(config: Config) -> None:
    """OSError where somebody else listens already; granian would say so only in its own log."""
    family = socket.AF_INET6 if ":" in config.web_host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.web_host, config.web_port))
        except OSError as error:
            raise OSError(f"{config.web_host}:{config.web_port} cannot be taken: {error.strerror}") from None


async def _serve(config: Config, app: Any) -> None:
    server = Server(
        app,
        address=config.web_host,
        port=config.web_port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
    )
    serving = asyncio.ensure_future(server.serve())
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    while not serving.done() and not _listens(config):
        await asyncio.sleep(_poll_s)
    print(f"ready {config.web_base_url}", flush=True)
    waiting = asyncio.ensure_future(stopped.wait())
    await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not serving.done():
        server.stop()
    # A browser that keeps its connection open must not keep us.
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(serving, _stop_s_max)


def _listens(config: Config) -> bool:
    try:
        socket.create_connection((config.web_host, config.web_port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
