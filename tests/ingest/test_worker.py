"""The worker as a process: drains the journal, publishes the catalog, waits out an outage, ends when told."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from log.test_webhooks import Receiver
from log.test_witnesses import Witness
from warum.domain.webhook import is_publicly_signed, public_key_text
from warum.edge.journal import JournalWriter, RealFiles, stream_folder
from warum.main.config import Config
from warum.main.log.keys import signer_of
from warum.main.secret_store import FILE_NAME, load_secrets
from warum.main.worker import _Outage
from warum.ports.database import DatabaseUnavailable

from .world import SYSTEM, Network

PATIENCE_S = 120
"""Of a process that starts, works or ends: what a machine that has much else to do may need."""


@pytest.fixture(scope="module")
def log_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log's files, which belong to the database as long as it lives."""
    return tmp_path_factory.mktemp("log")


@pytest.fixture
def folder(tmp_path: Path, network: Network, module_database: Any, log_folder: Path) -> Path:
    """A data folder with the secrets of the cluster and an empty journal."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "log").symlink_to(log_folder)
    source = module_database.cluster.postgres.cluster.parent.parent / FILE_NAME
    (data / FILE_NAME).write_bytes(source.read_bytes())
    (data / FILE_NAME).chmod(0o600)
    network.keys = load_secrets(data).token_keys()
    return data


def test_it_drains_the_journal_and_ends(network: Network, folder: Path):
    _a_booking_and_its_stay(network)
    _write(folder, network)
    with _worker(folder, network, "--driven", "--once") as process:
        output, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, output
    assert output.splitlines()[0].endswith("ready")
    assert network.balance("ana") == (0, 3_200)
    assert network.proof().balanced
    assert list((folder / "snapshot").iterdir())
    assert network.rows("select kind, sum(records)::int from warum.lake_file group by kind order by kind") == [
        ("clicks", 1),
        ("postbacks", 2),
    ]


def test_a_second_worker_says_so(network: Network, folder: Path):
    with _worker(folder, network) as first:
        _wait_ready(first)
        with _worker(folder, network) as second:
            output, _ = second.communicate(timeout=PATIENCE_S)
        assert second.returncode == 1
        assert f"in use by process {first.pid}" in output
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=PATIENCE_S) == 0


def test_it_waits_out_an_outage_of_the_database(network: Network, folder: Path, module_database: Any):
    with _worker(folder, network, "--driven") as process:
        _wait_ready(process)
        with psycopg.connect(module_database.cluster.admin, autocommit=True) as admin:
            admin.execute(f"alter database {module_database.name} with allow_connections false")
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'warum_worker'")
            _a_booking_and_its_stay(network)
            _write(folder, network)
            time.sleep(0.5)
            admin.execute(f"alter database {module_database.name} with allow_connections true")
        with _listening(process) as said:
            _until(lambda: network.balance("ana") == (0, 3_200))
            # A short outage may pass unnoticed between two looks at the database; a longer one is said once, and its
            # end with the next look.
            _until(lambda: _told(said, "away") == _told(said, "back"))
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0, said
    assert _told(said, "away") == _told(said, "back") <= 1


def test_an_outage_is_said_once_however_its_steps_overlap(caplog: pytest.LogCaptureFixture):
    there = [True]

    def answers() -> None:
        if not there[0]:
            raise DatabaseUnavailable("stopped")

    def asks() -> bool:
        answers()
        return True

    def asks_while(happens: Callable[[], object]) -> Callable[[], bool]:
        """Asks, and has the answer only after something else happened."""

        def step() -> bool:
            try:
                return asks()
            finally:
                happens()

        return step

    def goes() -> None:
        there[0] = False

    def comes_back() -> None:
        there[0] = True
        assert outage.survive(asks) is True

    stop = Event()
    stop.set()  # no pauses
    outage = _Outage(answers, stop)
    with caplog.at_level(logging.INFO, logger="warum.worker"):
        assert outage.survive(asks_while(goes)) is True
        assert outage.survive(asks) is None
        assert outage.survive(lambda: False) is False, "a step that asks nothing does well all the time"
        assert outage.survive(asks) is None
        assert caplog.messages == ["the database is away (stopped); trying until it is back"]
        assert outage.survive(asks_while(comes_back)) is None, "it began in the outage"
        assert outage.survive(asks) is True
        assert [message.split(" (")[0][:21] for message in caplog.messages] == [
            "the database is away",
            "the database is back ",
        ]
        goes()
        assert outage.survive(asks) is None
        assert len(caplog.messages) == 3, "another outage is another word"


def test_it_stops_at_a_record_of_a_newer_edge(network: Network, folder: Path):
    network.journal.append_raw(99, b"from the future")
    _write(folder, network)
    with _worker(folder, network) as process:
        output, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "type 99" in output


def test_it_tries_again_what_was_released_from_quarantine(network: Network, folder: Path):
    broken = network.journal.append_raw(4, b"\xc1 not msgpack")
    _write(folder, network)
    with _worker(folder, network) as process:
        _wait_ready(process)
        _until(lambda: network.rows("select count(*) from warum.quarantine") == [(1,)])
        with psycopg.connect(network.admin_url) as admin:
            admin.execute("update warum.quarantine set reason = 'an older one'")
        with network.app.transaction(SYSTEM) as tx:
            assert tx.tracking.release(broken, 1) is not None
        _until(lambda: network.rows("select released_at from warum.quarantine") == [(None,)])
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, output
    ((reason,),) = network.rows("select reason from warum.quarantine")
    assert reason.startswith("ValueError: does not decode")


def test_it_sends_receipts_and_has_the_log_cosigned(network: Network, folder: Path):
    with Receiver().listening() as receiver, Witness("first", b"1" * 32).listening() as witness:
        witness.knows = signer_of(Config(data=folder), load_secrets(folder)).vkey
        (folder / "policy").write_text(f"{witness.line()}quorum first\n")
        (folder / "warum.toml").write_text(f'delivery_allow_private = true\nlog_policy = "{folder}/policy"\n')
        with network.app.transaction(SYSTEM) as tx:
            tx.webhooks.add(
                advertiser=None, publisher=network.publishers["ana"], url=receiver.url, position=-1, at_us=0
            )
        _a_booking_and_its_stay(network)
        _write(folder, network)
        with _worker(folder, network) as process:
            _wait_ready(process)
            _until(lambda: (folder / "log/checkpoint.witnessed").exists())
            _until(lambda: any(message["last"] >= 1 for message in receiver.messages))
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, output
    key = public_key_text(load_secrets(folder).webhook_seed)
    for headers, body in receiver.requests:
        assert is_publicly_signed(
            headers["webhook-signature"],
            key,
            message_id=headers["webhook-id"],
            timestamp_s=int(headers["webhook-timestamp"]),
            content=body,
        )


def test_a_policy_that_cannot_be_used_stops_it_with_the_line(network: Network, folder: Path):
    (folder / "policy").write_text("# whom we ask\nwitness first nobody\nquorum first\n")
    (folder / "warum.toml").write_text(f'log_policy = "{folder}/policy"\n')
    with _worker(folder, network) as process:
        output, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert f"worker: log_policy: {folder}/policy is no policy. Line 2: " in output


def test_it_reads_nothing_with_a_database_that_was_set_back(network: Network, folder: Path):
    """The last test here: it leaves database and log apart."""
    _a_booking_and_its_stay(network)
    _write(folder, network)
    with psycopg.connect(network.admin_url, autocommit=True) as admin:
        with _worker(folder, network, "--driven", "--once") as process:
            output, _ = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0, output
        admin.execute("set session_replication_role = replica")
        admin.execute("delete from warum.log_leaf where index = (select max(index) from warum.log_leaf)")
        admin.execute("update warum.log_head set size = size - 1")
        before = network.rows("select * from warum.ingest_offset")
        with _worker(folder, network, "--driven", "--once") as process:
            output, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "the database is older than the log" in output
    assert "Traceback" not in output
    assert network.rows("select * from warum.ingest_offset") == before


def _a_booking_and_its_stay(network: Network) -> None:
    token = network.click("ana", at="2027-05-01")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=40_000, check_out="2027-06-14")
    network.postback("stayed", at="2027-06-14")
    network.tick("2027-06-18")


def _write(folder: Path, network: Network) -> None:
    """Put what the journal in memory holds onto the disk."""
    for stream, records in network.journal.streams_.items():
        writer = JournalWriter(
            stream_folder(folder / "journal", stream), stream=stream, files=RealFiles(), segment_bytes=1 << 20
        )
        for type_, body in records:
            writer.append(type_, body)
        batch = writer.take()
        if batch is not None:
            writer.write(batch)
        writer.close()


@contextmanager
def _worker(folder: Path, network: Network, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WARUM_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "warum.main.worker", *arguments],
        env={**environ, "WARUM_DATA": str(folder), "WARUM_DATABASE_URL": network.admin_url, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ready"):
            return
    raise AssertionError("the worker ended before it was ready")


@contextmanager
def _listening(process: subprocess.Popen[str]) -> Iterator[list[str]]:
    """The lines that it says until it ends."""
    said: list[str] = []

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)

    thread = Thread(target=listen)
    thread.start()
    try:
        yield said
    finally:
        if process.poll() is None:
            process.kill()
        thread.join()


def _told(said: Sequence[str], where: str) -> int:
    return sum(f"the database is {where}" in line for line in said)


def _until(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)
