"""How child programs are started: bound to the life of their parent, and where PostgreSQL demands it, as an account
without privileges.

A child gets the parent-death signal of the Linux kernel (``prctl(PR_SET_PDEATHSIG)``), set by ``setpriv`` in front of
it: unlike a pipe to be watched this needs no help from the child, and unlike ``preexec_fn`` it runs no Python between
fork and exec, which would be unsafe beside threads. The signal is tied to the *thread* that starts the child, so
children are started from the main thread. Where there is no such signal, a child outlives a killed parent."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ACCOUNT_NAME: Final = "warum"

_CAPABILITY: Final = "-all,+dac_read_search"
# For a Linux without util-linux: the same call in a few lines of Python, which then becomes the child.
_SHIM: Final = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, int(sys.argv[1])); os.execvp(sys.argv[2], sys.argv[2:])"
)


class LaunchError(Exception):
    """A program cannot be started here; the text says what would help."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system account by its numbers; the name is for messages."""

    uid: int
    gid: int
    name: str


def bound_to_parent(death_signal: signal.Signals) -> tuple[str, ...]:
    """What to put in front of a command, so that its process gets the signal when the thread that starts it ends."""
    if setpriv := _setpriv():
        return (setpriv, f"--pdeathsig={death_signal.name.removeprefix('SIG')}", "--")
    if sys.platform == "linux":
        return (sys.executable, "-I", "-S", "-c", _SHIM, str(int(death_signal)))
    return ()


def as_account(account: Account, death_signal: signal.Signals, *, may_traverse: bool) -> tuple[str, ...]:
    """What to put in front of a command to run it as the account, without groups and without a way back.

    Args:
        account: who it runs as; needs root.
        death_signal: what it gets when the thread that starts it ends.
        may_traverse: let it read and pass folders whatever their modes (capability DAC_READ_SEARCH, and no other).

    Raises:
        LaunchError: there is no ``setpriv``.
    """
    setpriv = _setpriv()
    if setpriv is None:
        raise LaunchError(
            "PostgreSQL does not run as root, and setpriv (package util-linux) is missing to start it as another "
            "account. Install it, or start warum as a normal user."
        )
    return (
        setpriv,
        f"--reuid={account.uid}",
        f"--regid={account.gid}",
        "--clear-groups",
        "--no-new-privs",
        f"--pdeathsig={death_signal.name.removeprefix('SIG')}",
        *(
            (f"--inh-caps={_CAPABILITY}", f"--ambient-caps={_CAPABILITY}", f"--bounding-set={_CAPABILITY}")
            if may_traverse
            else ()
        ),
        "--",
    )


def ensure_account() -> Account:
    """The account for PostgreSQL under root: ``warum``, made when missing, or ``nobody`` where none can be made."""
    for attempt in (_find, _make, lambda: _find("nobody")):
        if account := attempt():
            return account
    raise LaunchError("there is no account to run PostgreSQL as; start warum as a normal user.")


def owner_of(path: Path) -> Account:
    """The account that owns a file or folder, whether or not it has a name."""
    status = path.stat()
    try:
        name = pwd.getpwuid(status.st_uid).pw_name
    except KeyError:
        name = str(status.st_uid)
    return Account(status.st_uid, status.st_gid, name)


def works(command: tuple[str, ...]) -> bool:
    """Whether a short command can be started and succeeds."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _find(name: str = ACCOUNT_NAME) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid, name) if entry.pw_uid != 0 else None


def _make() -> Account | None:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    nologin = "/usr/sbin/nologin"
    user = ("--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent", f"--shell={nologin}")
    works((useradd, *user, ACCOUNT_NAME))
    return _find()


@cache
def _setpriv() -> str | None:
    """The ``setpriv`` of util-linux; the one of BusyBox knows no parent-death signal."""
    found = shutil.which("setpriv", path=os.defpath + ":/usr/sbin:/sbin")
    return found if found and works((found, "--pdeathsig=TERM", "--", "true")) else None
