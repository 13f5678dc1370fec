"""The edge process: configuration, keys, journal and snapshot put together, and the loop that serves. It needs no
database, neither to start nor to run; a data folder with secrets is enough."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal

import uvloop

from warum.domain.sealing import Sealer
from warum.edge.clicks import ClickTools
from warum.edge.commit import GroupCommit
from warum.edge.handler import Handler
from warum.edge.journal import (
    SEGMENT_BYTES,
    AlreadyClaimed,
    Files,
    JournalCorrupt,
    JournalFormatUnknown,
    JournalWriter,
    LossyFiles,
    RealFiles,
    stream_folder,
)
from warum.edge.postbacks import PostbackTools, Recent
from warum.edge.server import EdgeServer, Limits
from warum.edge.snapshot import Snapshot
from warum.edge.snapshot_files import SnapshotDamaged, SnapshotFollower
from warum.edge.visitors import Crawlers, Proxies, Repeats
from warum.main.clock import clock_of
from warum.main.config import ENV_SUPERVISED, Config, ConfigError, load_config
from warum.main.log.keys import edge_signer_of, origin_of
from warum.main.logs import setup_logging
from warum.main.secret_store import Secrets, SecretsError, load_secrets
from warum.main.sub_keys import SubKeys

JOURNAL_FOLDER: Final = "journal"
SNAPSHOT_FOLDER: Final = "snapshot"

poll_s: Final = 0.25
"""How often the snapshot is looked at: an edge has a change well within two seconds."""

_patience_s: Final = 10.0
_lines_per_turn: Final = 1_000
_faults_shown: Final = 5

_log: Final = logging.getLogger("warum.edge")

FilesKind = Literal["real", "lossy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOptions:
    """How an edge is started.

    Attributes:
        stream: the journal stream that this process writes; nobody else may.
        driven: take the time from each request; on a loopback address only, whose X-Forwarded-For is then believed, so
            that a replay can stand for many visitors.
        files: ``lossy`` forgets at a kill what was not synced, as a power cut does; for the durability benchmark.
        host, port: instead of the configured ones; port 0 takes any free one.
    """

    config: Config
    stream: int
    driven: bool = False
    files: FilesKind = "real"
    host: str | None = None
    port: int | None = None
    segment_bytes: int = SEGMENT_BYTES
    limits: Limits | None = None


class EdgeError(Exception):
    """The edge cannot start; the text says why."""


def _say_ready(url: str) -> None:
    print(f"ready {url}", flush=True)


def _end_process(error: Exception) -> None:
    """Nobody knows what is on disk: end at once, without answering. The successor recovers."""
    _log.critical("the journal could not be written, so this process ends without answering: %s", error)
    sys.stderr.flush()
    os._exit(os.EX_IOERR)


async def serve(
    options: EdgeOptions,
    *,
    stop: asyncio.Event,
    ready: Callable[[str], object] = _say_ready,
    failed: Callable[[Exception], None] = _end_process,
) -> None:
    """Serve until ``stop`` is set; then answer what was taken, and end.

    Args:
        ready: called with the address once requests are taken.
        failed: called when the journal cannot be written; it should not return.

    Raises:
        EdgeError: it cannot start, in words.
        SecretsError, ClockError: the data folder has no usable secrets, or a damaged clock.
    """
    config = options.config
    host = options.host or config.edge_host
    if options.driven and not _is_loopback(host):
        raise EdgeError("a driven edge believes the time that requests say, so it listens on a loopback address only.")
    installed = load_secrets(config.data)
    follower = _Follower(config.data / SNAPSHOT_FOLDER)
    try:
        journal = JournalWriter(
            stream_folder(config.data / JOURNAL_FOLDER, options.stream),
            stream=options.stream,
            files=_files(options.files),
            segment_bytes=options.segment_bytes,
        )
    except (AlreadyClaimed, JournalCorrupt, JournalFormatUnknown, OSError) as error:
        raise EdgeError(f"stream {options.stream} of the journal cannot be written: {error}") from error
    if journal.cut_bytes:
        _log.warning("cut %d bytes that were never acknowledged from the end of the journal", journal.cut_bytes)
    commit = GroupCommit(journal, asyncio.get_running_loop(), failed)
    try:
        server = EdgeServer(
            handler=handler_of(options, installed),
            snapshot=await follower.follow() or Snapshot(),
            commit=commit,
            now_us=clock_of(config.data).now_us,
            limits=options.limits,
        )
        try:
            bound_host, bound_port = await server.listen(
                host, config.edge_port if options.port is None else options.port
            )
        except OSError as error:
            raise EdgeError(f"{host} cannot be listened on: {error.strerror or error}.") from error
        # What is there now stays; the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        following = asyncio.create_task(_keep_current(server, follower))
        ready(f"http://{_in_url(bound_host)}:{bound_port}")
        await stop.wait()
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await server.stop(_patience_s)
    finally:
        commit.close()
        journal.close()
        follower.close()


class _Follower:
    """The snapshot's files, read into tables."""

    def __init__(self, folder: Path) -> None:
        self._files = SnapshotFollower(folder)
        self._current: Snapshot | None = None

    async def follow(self) -> Snapshot | None:
        """The snapshot as it is now; None as long as there never was one."""
        change = self._files.poll()
        if change.reset:
            fresh = Snapshot()
            # A whole catalog takes a while to read: requests go on in between, on the old one.
            for start in range(0, len(change.lines), _lines_per_turn):
                _report(fresh.apply(change.lines[start : start + _lines_per_turn]))
                await asyncio.sleep(0)
            self._current = fresh
        elif change.lines and self._current is not None:
            _report(self._current.apply(change.lines))
        return self._current

    def close(self) -> None:
        self._files.close()


async def _keep_current(server: EdgeServer, follower: _Follower) -> None:
    while True:
        await asyncio.sleep(poll_s)
        try:
            server.snapshot = await follower.follow() or server.snapshot
        except (SnapshotDamaged, OSError) as error:
            _log.error("the snapshot could not be read, so the last one stays in force: %s", error)
            await asyncio.sleep(10 * poll_s)


def _report(faults: Sequence[str]) -> None:
    for fault in faults[:_faults_shown]:
        _log.error("a line of the snapshot was left out: %s", fault)
    if len(faults) > _faults_shown:
        _log.error("%d more lines of the snapshot were left out", len(faults) - _faults_shown)


def handler_of(options: EdgeOptions, installed: Secrets) -> Handler:
    """Everything that an edge of this folder decides, without its server."""
    keys = installed.token_keys()
    trusted = (*options.config.trusted_proxies, *(("127.0.0.0/8", "::1/128") if options.driven else ()))
    return Handler(
        clicks=ClickTools(
            keys=keys,
            draw_key=installed.draw_key,
            sub_key=SubKeys(options.config.data).make,
            crawlers=Crawlers(),
            repeats=Repeats(lambda: secrets.token_bytes(32)),
            proxies=Proxies(trusted),
        ),
        postbacks=PostbackTools(
            keys=keys,
            sealer=Sealer(installed.master_key),
            recent=Recent(),
            signer=edge_signer_of(options.config, installed),
            origin=origin_of(options.config, installed),
        ),
        driven=options.driven,
    )


def _files(kind: FilesKind) -> Files:
    return LossyFiles(RealFiles(), secrets.SystemRandom()) if kind == "lossy" else RealFiles()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _until_signalled(options: EdgeOptions) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(options, stop=stop)


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run an edge until SIGTERM or Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser(prog="warum edge", description="Takes clicks, impressions and postbacks.")
    parser.add_argument("--stream", type=int, required=True, help="the journal stream that this process writes")
    parser.add_argument("--driven", action="store_true", help="take the time from each request; for replays")
    parser.add_argument("--files", choices=("real", "lossy"), default="real", help="lossy: forget at a kill, for tests")
    parser.add_argument("--port", type=int, help="instead of the configured one; 0 takes any free one")
    arguments = parser.parse_args(argv)
    try:
        config = load_config(environ, Path.cwd())
        setup_logging(f"edge-{arguments.stream}", config.log_level, supervised=ENV_SUPERVISED in environ)
        options = EdgeOptions(
            config=config,
            stream=arguments.stream,
            driven=arguments.driven,
            files=arguments.files,
            port=arguments.port,
        )
        uvloop.run(_until_signalled(options))
    except (ConfigError, EdgeError, SecretsError) as error:
        print(f"warum edge: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
