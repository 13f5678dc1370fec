"""``run_up`` from the lock to the clean stop, on a real cluster; small programs stand for edge, worker and web."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from warum.main import up
from warum.main.config import Config
from warum.main.database import role_url
from warum.main.holder import Holder
from warum.main.secret_store import Secrets, load_secrets
from warum.main.supervisor import ChildSpec

# Reads the configuration as the real ones do, and asks the database as the role of the application.
CHILD = """
import os, signal, psycopg
from pathlib import Path
from warum.main.config import load_config
from warum.main.database import role_url
from warum.main.secret_store import load_secrets
config = load_config(os.environ, Path.cwd())
with psycopg.connect(role_url(config, load_secrets(config.data), "warum_app")) as connection:
    print("I am", connection.execute("SELECT current_user").fetchone()[0])
print("ready", flush=True)
signal.pause()
"""


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _small_children(monkeypatch: pytest.MonkeyPatch) -> None:
    def children(config: Config, environ: dict[str, str]) -> list[ChildSpec]:
        env = up.child_environ(config, environ)
        return [ChildSpec(name="app", argv=(sys.executable, "-P", "-c", CHILD), env=env)]

    monkeypatch.setattr(up, "app_children", children)


def stop() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def servers(config: Config) -> list[psutil.Process]:
    cluster = str(config.data / "postgres/cluster")
    found: list[psutil.Process] = []
    for process in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # or ended, and not buried yet
            if cluster in process.cmdline():
                found.append(process)
    return found


def test_everything_starts_and_stops_twice(tmp_path: Path):
    config = Config(data=tmp_path / "data")
    seeded: list[Secrets] = []
    for _ in range(2):
        out = io.StringIO()
        code = up.run_up(config, os.environ, migrated=lambda _, secrets: seeded.append(secrets), on_ready=stop, out=out)
        assert code == 0, out.getvalue()
        assert "app      │ I am warum_app\n" in out.getvalue()
        assert "starting it again" not in out.getvalue()
    assert seeded[0].master_key == seeded[1].master_key
    assert not servers(config)


def test_a_database_that_dies_comes_back(tmp_path: Path):
    config = Config(data=tmp_path / "data")
    out = io.StringIO()

    def kill_and_wait() -> None:
        (server,) = servers(config)
        server.kill()
        url = role_url(config, load_secrets(config.data), "warum_app")
        while "starting it again" not in out.getvalue():
            time.sleep(0.01)
        while True:
            try:
                psycopg.connect(url).close()
                break
            except psycopg.OperationalError:
                time.sleep(0.05)
        stop()

    assert up.run_up(config, os.environ, on_ready=kill_and_wait, out=out) == 0
    assert "postgres was ended by SIGKILL; starting it again in 0.5 s" in out.getvalue()


def test_a_folder_in_use_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    holder = Holder(tmp_path / "holder")
    holder.acquire()
    try:
        assert up.run_up(Config(data=tmp_path), os.environ) == 1
    finally:
        holder.release()
    assert f"is in use by process {os.getpid()}" in capsys.readouterr().err


def test_a_database_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    config = Config(data=tmp_path, database_url="postgresql://me:hunter2@127.0.0.1:1/x")
    assert up.run_up(config, os.environ) == 1
    said = capsys.readouterr().err
    assert "no connection to 127.0.0.1:1/x" in said
    assert "hunter2" not in said
