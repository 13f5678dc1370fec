"""``warum up``: everything that belongs to one installation, under one supervisor.

The embedded PostgreSQL comes first, then the schema, then edge, worker and web. Children learn the configuration from
their environment and derive their database addresses from the secrets of the data folder; no secret travels."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TextIO

from sqlalchemy.exc import OperationalError

from warum.adapters.postgres import migrate
from warum.main.config import ENV_PREFIX, ENV_SUPERVISED, Config
from warum.main.database import OWNER, DatabaseError, prepare_database, role_url
from warum.main.embedded import ENVIRON, EmbeddedError, EmbeddedPostgres
from warum.main.holder import HeldError, Holder
from warum.main.launch import LaunchError
from warum.main.logs import masked
from warum.main.secret_store import Secrets, SecretsError, ensure_secrets
from warum.main.supervisor import ChildSpec, Supervisor, SupervisorError

_ENV_DATABASE_URL: Final = "WARUM_DATABASE_URL"
_EXPECTED: Final = (DatabaseError, EmbeddedError, HeldError, LaunchError, SecretsError, SupervisorError)


def run_up(
    config: Config,
    environ: Mapping[str, str],
    *,
    migrated: Callable[[Config, Secrets], object] | None = None,
    on_ready: Callable[[], object] | None = None,
    beside: Sequence[ChildSpec] = (),
    out: TextIO | None = None,
) -> int:
    """Run everything until Ctrl-C, SIGTERM or the end of the terminal; the exit code.

    Args:
        config: of this installation.
        environ: of this process; the children inherit it.
        migrated: called when the schema is current and before the children start, for instance to seed.
        on_ready: called when everything takes requests.
        beside: further children, started last and stopped first.
        out: where the lines of all processes go; None: standard output.
    """
    os.umask(0o077)  # what the installation writes is for its own account
    holder = Holder(config.data / "holder")
    embedded: EmbeddedPostgres | None = None
    try:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        holder.acquire()
        secrets = ensure_secrets(config.data, now_us=time.time_ns() // 1000)

        def open_database() -> None:
            prepare_database(config, secrets)
            try:
                migrate(role_url(config, secrets, OWNER))
            except OperationalError as error:
                raise DatabaseError(f"the schema could not be brought up to date: {masked(str(error))}") from None
            if migrated is not None:
                migrated(config, secrets)

        children = [*app_children(config, environ), *beside]
        if config.database_url is None:
            embedded = EmbeddedPostgres(config.data, secrets, socket_folder=config.socket_folder)
            embedded.prepare()
            children.insert(0, _postgres(embedded, open_database))
        else:
            open_database()
        asyncio.run(Supervisor(children, out=out).run(on_ready=on_ready))
    except _EXPECTED as error:
        print(f"warum: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the supervisor listens
        return 130
    finally:
        if embedded is not None:
            embedded.release()
        holder.release()
    return 0


def app_children(config: Config, environ: Mapping[str, str]) -> list[ChildSpec]:
    """Edge processes, worker and web, in the order of their start. Each prints a line that begins with ``ready``."""
    env = child_environ(config, environ)
    modules = {
        **{f"edge-{stream}": ("warum.main.edge", "--stream", str(stream)) for stream in _streams(config)},
        "worker": ("warum.main.worker",),
        "web": ("warum.main.asgi",),
    }
    return [
        ChildSpec(name=name, argv=(sys.executable, "-P", "-m", *arguments), env=env)
        for name, arguments in modules.items()
    ]


def child_environ(config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which a child reads the same configuration."""
    inherited = {name: value for name, value in environ.items() if not name.startswith(ENV_PREFIX)}
    if config.database_url is None:
        inherited[_ENV_DATABASE_URL] = ""
    elif _ENV_DATABASE_URL in environ:
        inherited[_ENV_DATABASE_URL] = environ[_ENV_DATABASE_URL]
    return {**inherited, **config.to_environ(), ENV_SUPERVISED: "1", "PYTHONUNBUFFERED": "1"}


def _streams(config: Config) -> range:
    return range(1, config.edge_processes + 1)


def _postgres(embedded: EmbeddedPostgres, opened: Callable[[], object]) -> ChildSpec:
    return ChildSpec(
        name="postgres",
        argv=embedded.argv,
        env=ENVIRON,
        cwd="/",
        before=embedded.prepare,
        ready=embedded.is_ready,
        ready_s_max=300,
        gate=True,
        opened=opened,
        # Fast, and if that takes too long, immediate: the next start recovers.
        stop_signal=signal.SIGINT,
        stop_s_max=30,
        kill_signal=signal.SIGQUIT,
        bound=False,
    )
