"""An installation of one's own, run from a program: PostgreSQL, worker, edge and, where somebody asks for it, web in a
folder nobody else uses. The replay, the benchmarks and the tests in a browser stand on it.

Unlike the supervisor it starts nobody again: what dies is seen by who runs it, and the benchmarks kill on purpose. The
children are bound to the life of this process, so that even ``kill -9`` leaves none behind."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from warum.adapters.postgres import migrate
from warum.domain.records import Record
from warum.kernel.ids import RecordId
from warum.main.config import Config
from warum.main.database import OWNER, prepare_database, role_url
from warum.main.edge import JOURNAL_FOLDER
from warum.main.embedded import EmbeddedPostgres
from warum.main.holder import Holder
from warum.main.journal import FileJournal
from warum.main.launch import bound_to_parent
from warum.main.secret_store import Secrets, ensure_secrets
from warum.main.up import child_environ
from warum.ports.journal import Cursor

stream: Final = 1
"""There is one edge, and so one stream."""

_ready_s_max: Final = 60.0
_stop_s_max: Final = 30.0
_poll_s: Final = 0.01
_answer_s_max: Final = 10.0
_read_records: Final = 10_000
_words_bytes: Final = 4_000
_ports: Final = (20_000, 32_000)
"""Below those that Linux (from 32768 on) and others (from 49152 on) give to outgoing connections."""
_given_away: Final[set[int]] = set()


class StackError(Exception):
    """A part of the installation did not start or died; the text has its last words."""


class Child:
    """One process whose lines go to a file. A line that begins with ``ready`` says that it is up."""

    def __init__(self, name: str, argv: Sequence[str], *, environ: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._argv = argv
        self._environ = environ
        self._log = log
        self._from = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether it has said so since its start."""
        return any(line.startswith("ready") for line in self.words().splitlines())

    def start(self) -> None:
        """Start it, without waiting for it to be ready. From the main thread (see ``launch``)."""
        with self._log.open("ab") as output:
            self._from = output.tell()
            self._process = subprocess.Popen(
                (*bound_to_parent(signal.SIGKILL), *self._argv),
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, limit_s: float = _ready_s_max) -> None:
        """Raises StackError when it ends first or takes too long."""
        deadline = time.monotonic() + limit_s
        while not self.is_ready:
            self.check()
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} is not ready after {limit_s:g} s. It said: {self.words()}")
            time.sleep(_poll_s)

    def wait(self) -> None:
        """Wait until it has done its work and ended.

        Raises:
            StackError: it failed.
        """
        if self._process is not None and self._process.wait():
            raise StackError(f"{self.name} failed. It said: {self.words() or 'nothing'} (log: {self._log})")

    def check(self) -> None:
        """Raises StackError unless it runs."""
        if not self.is_running:
            raise StackError(f"{self.name} has ended. It said: {self.words() or 'nothing'} (log: {self._log})")

    def kill(self) -> None:
        """End it without warning, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_stop_s_max)
        except subprocess.TimeoutExpired:
            self.kill()

    def words(self) -> str:
        """The last lines since its start."""
        with suppress(OSError), self._log.open("rb") as lines:
            size = lines.seek(0, os.SEEK_END)
            lines.seek(max(self._from, size - _words_bytes))
            return lines.read().decode("utf-8", "replace").strip()
        return ""


class Stack:
    """PostgreSQL, worker, edge and web of one data folder. As a block, it starts the database and stops everything.

    Args:
        data: the folder; made when missing.
        edge_arguments, worker_arguments: for their command lines.
        settings: of PostgreSQL, instead of the usual ones.
        trusted_proxies: whose X-Forwarded-For the edge believes.
        bot_interval_s: between two rounds of the bots.
    """

    def __init__(
        self,
        data: Path,
        *,
        edge_arguments: Sequence[str] = (),
        worker_arguments: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        trusted_proxies: tuple[str, ...] = (),
        bot_interval_s: int = 300,
    ) -> None:
        self.config: Final = Config(
            data=data.absolute(),
            edge_port=free_port(),
            web_port=free_port(),
            trusted_proxies=trusted_proxies,
            bot_interval_s=bot_interval_s,
        )
        self._settings = settings
        self._holder = Holder(self.config.data / "holder")
        self._secrets: Secrets | None = None
        self._postgres: EmbeddedPostgres | None = None
        self.edge: Final = self._child("edge", "--stream", str(stream), *edge_arguments)
        self.worker: Final = self._child("worker", *worker_arguments)
        self.web: Final = self._child("asgi")
        """Not started with the others, since few need it."""

    @property
    def secrets(self) -> Secrets:
        assert self._secrets is not None, "inside the block only"
        return self._secrets

    @property
    def postgres(self) -> EmbeddedPostgres:
        assert self._postgres is not None, "inside the block only"
        return self._postgres

    def __enter__(self) -> Self:
        """Take the folder and bring its database up.

        Raises:
            HeldError: another process works in the folder.
            EmbeddedError, LaunchError, DatabaseError: PostgreSQL cannot run here.
        """
        data = self.config.data
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._holder.acquire()
        try:
            self._secrets = ensure_secrets(data, now_us=time.time_ns() // 1000)
            self._postgres = EmbeddedPostgres(data, self._secrets, settings=self._settings)
            self._postgres.start()
            prepare_database(self.config, self._secrets)
            migrate(self.url(OWNER))
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.web.stop()
        self.edge.stop()
        self.worker.stop()
        self._leave()

    def url(self, role: str) -> str:
        """The address of the database for a login role."""
        return role_url(self.config, self.secrets, role)

    def start(self, *, links: int) -> None:
        """Start worker and edge, and wait until the edge knows so many links."""
        # The worker first: it publishes the snapshot from which the edge begins.
        for child in (self.worker, self.edge):
            child.start()
            child.wait_ready()
        deadline = time.monotonic() + _ready_s_max
        while self._links_known() < links:
            self.check()
            if time.monotonic() > deadline:
                raise StackError(f"the edge knows {self._links_known()} links of {links}")
            time.sleep(_poll_s)

    def work_once(self) -> None:
        """Let a worker without bots read the whole journal and end.

        Raises:
            StackError: it failed.
        """
        child = self._child("worker", "--once")
        child.start()
        child.wait()

    def records(self) -> Iterator[tuple[RecordId, Record]]:
        """Every record of the journal, oldest first."""
        journal, cursor = FileJournal(self.config.data / JOURNAL_FOLDER), Cursor.START
        while True:
            raws, cursor = journal.read(stream, cursor, _read_records)
            if not raws:
                return
            for raw in raws:
                yield raw.id, journal.decode(raw)

    def check(self) -> None:
        """Raises StackError when a part has died."""
        self.worker.check()
        self.edge.check()

    def _links_known(self) -> int:
        connection = HTTPConnection(self.config.edge_host, self.config.edge_port, timeout=_answer_s_max)
        try:
            connection.request("GET", "/health")
            return int(json.loads(connection.getresponse().read())["links"])
        finally:
            connection.close()

    def _child(self, name: str, *arguments: str) -> Child:
        return Child(
            name,
            (sys.executable, "-P", "-m", f"warum.main.{name}", *arguments),
            environ=child_environ(self.config, os.environ),
            log=self.config.data / f"{name}.log",
        )

    def _leave(self) -> None:
        if self._postgres is not None:
            self._postgres.stop()
        self._holder.release()


def free_port() -> int:
    """A port on loopback that nobody uses at the moment, and that nobody is given by chance until it is listened on:
    the system takes the near end of outgoing connections from other numbers. Never the same one twice."""
    while True:
        port = _ports[0] + secrets.randbelow(_ports[1] - _ports[0])
        if port in _given_away:
            continue
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            _given_away.add(port)
            return port
