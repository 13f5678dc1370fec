"""The embedded PostgreSQL, for real: as this user and another, after kills, twice at once, behind private folders."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from conftest import UNSAFE_AND_FAST, Cluster
from warum.main import launch
from warum.main.config import Config
from warum.main.database import (
    DatabaseError,
    create_database,
    drop_database,
    prepare_database,
    prepare_roles,
    role_url,
)
from warum.main.embedded import EmbeddedError, EmbeddedPostgres, copy_binaries, embedded_url, installed_binaries
from warum.main.holder import HeldError
from warum.main.launch import Account
from warum.main.secret_store import LOGIN_ROLES, SecretsError, ensure_secrets, load_secrets

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes the user, which needs root")

PROGRAM = """
import sys
from pathlib import Path
from warum.main import embedded
from warum.main.embedded import EmbeddedPostgres
from warum.main.secret_store import ensure_secrets

data = Path(sys.argv[1])
if len(sys.argv) > 2:
    embedded.installed_binaries = lambda: Path(sys.argv[2])
postgres = EmbeddedPostgres(data, ensure_secrets(data, now_us=0), settings={"fsync": "off"})
postgres.start()
print(postgres.pid, flush=True)
sys.stdin.read()
postgres.stop()
"""


def made(data: Path, **more: object) -> EmbeddedPostgres:
    return EmbeddedPostgres(data, ensure_secrets(data, now_us=0), settings=UNSAFE_AND_FAST, **more)  # pyright: ignore[reportArgumentType]


def ask(postgres: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as connection:
        found = connection.execute(query).fetchone()
    return found and found[0]


def write(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")


def until(true: Callable[[], bool]) -> None:
    given_up_s = time.monotonic() + 60
    while not true():
        assert time.monotonic() < given_up_s
        time.sleep(0.01)


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server that belongs to another process, which tells its process id."""
    command = [sys.executable, "-P", "-c", PROGRAM, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        if process.poll() is None:
            process.communicate("")


def test_it_is_a_private_checked_modern_server(cluster: Cluster):
    assert str(ask(cluster.postgres, "SELECT current_setting('server_version_num')")).startswith("18")
    for name, value in {
        "listen_addresses": "",
        "data_checksums": "on",
        "jit": "off",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "log_error_verbosity": "terse",
    }.items():
        assert ask(cluster.postgres, f"SELECT current_setting('{name}')") == value, name
    rule = "SELECT array_agg(type || ' ' || auth_method) FROM pg_hba_file_rules"
    assert ask(cluster.postgres, rule) == ["local scram-sha-256"]
    socket_folder = Path(str(ask(cluster.postgres, "SELECT current_setting('unix_socket_directories')")))
    assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.postgres.cluster.stat().st_mode) == 0o700
    assert len(str(socket_folder)) < 40


def test_its_durability_is_on_unless_a_test_says_otherwise(tmp_path: Path):
    postgres = EmbeddedPostgres(tmp_path, ensure_secrets(tmp_path, now_us=0))
    postgres.prepare()
    postgres.release()
    lines = (tmp_path / "postgres/postgresql.conf").read_text().splitlines()
    assert {"fsync = on", "synchronous_commit = on", "full_page_writes = on"} <= set(lines)


def test_a_wrong_password_is_refused(cluster: Cluster):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.admin.replace(cluster.secrets.database_passwords["postgres"], "wrong"))


def test_roles_have_no_power_and_their_passwords_are_not_readable(cluster: Cluster):
    prepare_roles(cluster.admin, cluster.secrets, adopt=True)
    powers = "rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication"
    with psycopg.connect(cluster.admin) as connection:
        rows = connection.execute(
            f"SELECT rolname, {powers}, rolcanlogin, rolpassword LIKE 'SCRAM-SHA-256$%' "
            "FROM pg_authid WHERE rolname LIKE 'warum%' ORDER BY 1"
        ).fetchall()
    assert rows == [(role, False, True, True) for role in sorted(LOGIN_ROLES)]


def test_a_role_that_gained_power_loses_it(cluster: Cluster):
    with psycopg.connect(cluster.admin, autocommit=True) as connection:
        connection.execute("ALTER ROLE warum_reader CREATEDB BYPASSRLS")
        prepare_roles(cluster.admin, cluster.secrets, adopt=True)
        query = "SELECT rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = 'warum_reader'"
        assert connection.execute(query).fetchone() == (False,)


def test_a_server_of_ones_own(cluster: Cluster, tmp_path: Path):
    """The cluster of the tests, used as if it were somebody's own server."""
    create_database(cluster.admin, "own")
    try:
        config = Config(data=tmp_path, database_url=cluster.database("own").admin)
        prepare_database(config, cluster.secrets)
        with psycopg.connect(role_url(config, cluster.secrets, "warum_owner")) as connection:
            connection.execute("CREATE TABLE t (n int)")
        with psycopg.connect(role_url(config, cluster.secrets, "warum_app")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("warum_app",)
        foreign = ensure_secrets(tmp_path / "other", now_us=0)
        with pytest.raises(DatabaseError, match="another installation uses this server"):
            prepare_database(config, foreign)
    finally:
        drop_database(cluster.admin, "own")


def test_an_old_server_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("warum.main.database.version_min", 19)
    with pytest.raises(DatabaseError, match=r"PostgreSQL 19 or newer is needed; .* is 18\."):
        prepare_roles(cluster.admin, cluster.secrets, adopt=True)


def test_a_server_that_is_not_there_is_named_without_the_password(cluster: Cluster):
    with pytest.raises(DatabaseError) as error:
        prepare_roles("postgresql://me:hunter2@127.0.0.1:1/x", cluster.secrets, adopt=True)
    assert "127.0.0.1:1/x" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_addresses_need_a_start_first(tmp_path: Path):
    with pytest.raises(SecretsError, match="warum up"):
        load_secrets(tmp_path)
    with pytest.raises(EmbeddedError, match="warum up"):
        embedded_url(tmp_path, ensure_secrets(tmp_path, now_us=0), "warum_app")


def test_stopped_and_started_it_keeps_its_rows_and_no_mode_is_widened(tmp_path: Path):
    parents = [tmp_path / "private", tmp_path / "private/data"]
    parents[0].mkdir(mode=0o700)
    with made(parents[1]) as postgres:
        write(postgres)
        socket_folder = Path(str(ask(postgres, "SELECT current_setting('unix_socket_directories')")))
    assert not socket_folder.exists()
    with made(parents[1]) as postgres:
        assert ask(postgres, "SELECT number FROM kept") == 7
    assert [stat.S_IMODE(parent.stat().st_mode) for parent in parents] == [0o700, 0o700]


def test_a_first_start_that_was_broken_off_begins_again(tmp_path: Path):
    torn = tmp_path / "postgres/cluster.new"
    torn.mkdir(parents=True)
    (torn / "PG_VERSION").write_text("18\n")
    with made(tmp_path) as postgres:
        assert ask(postgres, "SELECT 1") == 1


def test_settings_of_ones_own_are_read(tmp_path: Path):
    postgres = made(tmp_path)
    postgres.prepare()
    (tmp_path / "postgres/local.conf").write_text("work_mem = 5MB\n")
    with postgres:
        assert ask(postgres, "SHOW work_mem") == "5MB"


def test_a_server_that_does_not_start_says_why(tmp_path: Path):
    broken = EmbeddedPostgres(tmp_path, ensure_secrets(tmp_path, now_us=0), settings={"work_mem": "plenty"})
    with pytest.raises(EmbeddedError, match="work_mem"):
        broken.start()
    with made(tmp_path) as postgres:
        assert ask(postgres, "SELECT 1") == 1


def test_a_second_start_says_who_holds_it(tmp_path: Path):
    with made(tmp_path), pytest.raises(HeldError, match=f"in use by process {os.getpid()} .* running since 2"):
        made(tmp_path).start()


def test_after_the_kill_of_the_server_it_recovers(tmp_path: Path):
    with EmbeddedPostgres(tmp_path, ensure_secrets(tmp_path, now_us=0)) as postgres:
        write(postgres)
        assert postgres.pid is not None
        with psycopg.connect(postgres.url(database="postgres")) as open_session:
            os.kill(postgres.pid, signal.SIGKILL)
            until(lambda: postgres.pid is None)
            with pytest.raises(psycopg.OperationalError):
                open_session.execute("SELECT 1")
        assert (postgres.cluster / "postmaster.pid").exists()
        postgres.start()
        assert ask(postgres, "SELECT number FROM kept") == 7
        # What collects the log is a process of its own, and may be late.
        until(lambda: "was interrupted" in _log_of(postgres))


def test_after_the_kill_of_its_parent_the_next_start_takes_over(tmp_path: Path, elsewhere: subprocess.Popen[str]):
    assert elsewhere.stdout is not None
    pid = int(elsewhere.stdout.readline())
    data = tmp_path / "data"
    secrets = load_secrets(data)
    with psycopg.connect(embedded_url(data, secrets, "postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    elsewhere.kill()
    elsewhere.wait()
    with EmbeddedPostgres(data, secrets) as postgres:
        assert postgres.pid != pid
        assert not lives(pid)
        assert ask(postgres, "SELECT number FROM kept") == 7
    assert "was interrupted" not in _log_of(postgres)


def test_a_left_over_server_is_stopped_and_no_other(tmp_path: Path, elsewhere: subprocess.Popen[str], cluster: Cluster):
    """As on a system without the parent-death signal: the server runs, and nobody holds its lock."""
    assert elsewhere.stdout is not None
    pid = int(elsewhere.stdout.readline())
    data = tmp_path / "data"
    (data / "postgres/holder").unlink()
    with EmbeddedPostgres(data, load_secrets(data)) as postgres:
        assert not lives(pid)
        assert ask(postgres, "SELECT 1") == 1
    assert ask(cluster.postgres, "SELECT 1") == 1
    assert "was interrupted" not in _log_of(postgres)


def test_a_stale_process_id_of_somebody_else_is_no_hindrance(tmp_path: Path):
    with made(tmp_path) as postgres:
        pass
    shutil.copy(postgres.cluster / "PG_VERSION", postgres.cluster / "postmaster.pid")
    (postgres.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.cluster}\n0\n5432\n/tmp\n\n\nready\n")
    with postgres:
        assert ask(postgres, "SELECT 1") == 1


def test_a_folder_that_somebody_else_put_in_the_place_of_the_socket(tmp_path: Path):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with pytest.raises(EmbeddedError, match="not a private folder"):
            made(tmp_path, socket_folder=Path(folder)).start()
    with pytest.raises(EmbeddedError, match="too long for a socket"):
        made(tmp_path / "x", socket_folder=tmp_path / ("long" * 30)).start()


def test_a_cluster_of_another_version_is_not_touched(tmp_path: Path):
    postgres = made(tmp_path)
    postgres.prepare()
    (tmp_path / "postgres/cluster/PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 17, this is PostgreSQL 18"):
        postgres.start()
    postgres.stop()


@as_root
def test_under_root_it_runs_without_privileges(cluster: Cluster):
    assert cluster.postgres.pid is not None
    status = Path(f"/proc/{cluster.postgres.pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert "0" not in fields["Uid"].split()
    assert fields["Groups"].strip() == ""
    assert fields["NoNewPrivs"] == "1"
    # At most the one capability to pass folders, here needed since the folder of the tests is private.
    assert int(fields["CapEff"], 16) & ~(1 << 2) == 0


@as_root
def test_what_root_writes_is_out_of_the_reach_of_the_account(cluster: Cluster):
    home = cluster.postgres.cluster.parent
    for path in (home, home / "postgresql.conf", home / "pg_hba.conf", home / "holder"):
        assert path.stat().st_uid == 0
        assert path.stat().st_mode & 0o027 == 0


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every account may pass; the one of the tests is private."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@as_root
def test_as_a_normal_user(tmp_path: Path, reachable: Path):
    """The whole program as ``nobody``, who may pass our private folders to find Python, and nothing else; a user's
    programs lie where that user can run them."""
    nobody = launch._find("nobody")
    assert nobody is not None
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    os.chown(data, nobody.uid, nobody.gid)
    prefix = launch.as_account(nobody, signal.SIGKILL, may_traverse=True)
    programs = copy_binaries(installed_binaries(), reachable / "postgresql")
    command = [*prefix, sys.executable, "-P", "-c", PROGRAM, str(data), str(programs)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/") as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert psutil.Process(pid).uids().effective == nobody.uid
        owners = {path.stat().st_uid for path in data.rglob("*")}
        process.communicate("")
    assert process.returncode == 0
    assert owners == {nobody.uid}
    assert not lives(pid)
    # Started by root later, the cluster stays with its owner.
    with EmbeddedPostgres(data, load_secrets(data)) as postgres:
        assert psutil.Process(postgres.pid).uids().effective == nobody.uid


@as_root
def test_programs_in_a_private_folder_are_copied_to_where_the_account_runs_them(
    tmp_path: Path, reachable: Path, monkeypatch: pytest.MonkeyPatch
):
    private = copy_binaries(installed_binaries(), tmp_path / "home")
    (tmp_path / "home").chmod(0o700)
    monkeypatch.setattr("warum.main.embedded.installed_binaries", lambda: private)
    with made(tmp_path / "data", private_root=reachable / "warum") as postgres:
        write(postgres)
        assert Path(postgres.argv[-5]).is_relative_to(reachable)
        # The data stay where they were asked for.
        assert postgres.cluster.is_relative_to(tmp_path)
    with made(tmp_path / "data", private_root=reachable / "warum") as postgres:
        assert ask(postgres, "SELECT number FROM kept") == 7


@as_root
def test_without_capabilities_it_moves_to_a_folder_of_its_own(
    tmp_path: Path, reachable: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_capabilities(account: Account, death_signal: signal.Signals, *, may_traverse: bool) -> tuple[str, ...]:
        return ("/bin/false",) if may_traverse else launch.as_account(account, death_signal, may_traverse=False)

    monkeypatch.setattr("warum.main.embedded.as_account", no_capabilities)
    tmp_path.chmod(0o700)
    with made(tmp_path / "data", private_root=reachable / "warum") as postgres:
        write(postgres)
    with made(tmp_path / "data", private_root=reachable / "warum") as postgres:
        assert postgres.cluster.is_relative_to(reachable)
        assert ask(postgres, "SELECT number FROM kept") == 7
    reachable.chmod(0o700)
    with pytest.raises(EmbeddedError, match="can no longer reach"):
        made(tmp_path / "data", private_root=reachable / "warum").start()


def _log_of(postgres: EmbeddedPostgres) -> str:
    return "".join(path.read_text() for path in postgres.log_folder.iterdir())
