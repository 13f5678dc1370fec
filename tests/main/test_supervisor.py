"""The supervisor with real child processes: small programs that live, die and refuse to die."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from warum.main.supervisor import ChildSpec, Supervisor, SupervisorError

STEADY = "import signal; print('ready now', flush=True); signal.pause()"
STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)\nwhile 1: signal.pause()"
)


def child(name: str, code: str, **more: object) -> ChildSpec:
    return ChildSpec(name=name, argv=(sys.executable, "-I", "-S", "-c", code), **more)  # pyright: ignore[reportArgumentType]


def run(supervisor: Supervisor, *, then: Callable[[], object] | None = None) -> None:
    """Run until ready, do something, stop."""

    def on_ready() -> None:
        if then is not None:
            then()
        os.kill(os.getpid(), signal.SIGTERM)

    asyncio.run(supervisor.run(on_ready=on_ready))


def test_children_start_in_order_and_end_in_reverse(tmp_path: Path):
    log = tmp_path / "log"
    code = (
        "import signal, sys\n"
        f"log = open({str(log)!r}, 'a', buffering=1)\n"
        "def end(*_): log.write('-%s\\n' % NAME); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); log.write('+%s\\n' % NAME); print('ready', flush=True); signal.pause()"
    )
    out = io.StringIO()
    children = [child(name, f"NAME = {name!r}\n{code}", gate=True) for name in ("one", "two", "three")]
    run(Supervisor(children, out=out))
    assert log.read_text().split() == ["+one", "+two", "+three", "-three", "-two", "-one"]
    assert "one   │ ready\n" in out.getvalue()


def test_a_gate_opens_once_before_the_next_child_starts():
    seen: list[str] = []
    first = child("first", STEADY, gate=True, opened=lambda: seen.append("opened"))
    second = child("second", STEADY, before=lambda: seen.append("second"))
    run(Supervisor([first, second], out=io.StringIO()))
    assert seen == ["opened", "second"]


def test_a_child_that_dies_is_started_again_and_it_is_said():
    out = io.StringIO()
    pids: list[int] = []
    wanted = child("moth", STEADY, ready=lambda pid: pids.append(pid) is None)

    def kill_and_wait() -> None:
        os.kill(pids[0], signal.SIGKILL)
        while pids[-1] == pids[0]:
            time.sleep(0.01)

    run(Supervisor([wanted], out=out, backoff_s=0.01), then=kill_and_wait)
    assert "moth was ended by SIGKILL; starting it again in 0.01 s" in out.getvalue()


def test_a_child_that_dies_again_and_again_is_given_more_and_more_time():
    """As an edge on a full disk: it comes up, and ends with the first click."""
    out, pids = io.StringIO(), list[int]()
    code = "import os; print('the disk is full', flush=True); os._exit(74)"

    def until_five_died() -> None:
        while out.getvalue().count("starting it again") < 5:
            time.sleep(0.01)

    dying = child("edge-1", code, ready=lambda pid: pids.append(pid) is None)
    run(Supervisor([dying], out=out, backoff_s=0.01), then=until_five_died)
    lines = out.getvalue().splitlines()[:10]
    assert lines[::2] == ["edge-1 │ the disk is full"] * 5
    assert lines[1::2] == [
        f"warum  │ edge-1 ended with exit code 74; starting it again in {pause} s"
        for pause in ("0.01", "0.02", "0.04", "0.08", "0.16")
    ]


def test_a_child_that_never_comes_up_ends_all():
    out = io.StringIO()
    pids: list[int] = []
    good = child("good", STEADY, ready=lambda pid: pids.append(pid) is None)
    bad = child("bad", "raise SystemExit('port is taken')")
    with pytest.raises(SupervisorError, match="bad does not come up: it ended with exit code 1"):
        run(Supervisor([good, bad], out=out, backoff_s=0.01))
    assert out.getvalue().count("bad   │ port is taken") == 3
    assert not psutil.pid_exists(pids[0])


def test_a_program_that_does_not_exist_is_named():
    with pytest.raises(SupervisorError, match="ghost"):
        run(Supervisor([ChildSpec(name="ghost", argv=("/nonexistent/ghost",))], out=io.StringIO(), backoff_s=0.01))


def test_who_is_not_ready_in_time_is_ended():
    out = io.StringIO()
    with pytest.raises(SupervisorError):
        run(Supervisor([child("mute", "import time; time.sleep(99)", ready_s_max=0.05)], out=out, backoff_s=0.01))
    assert "mute is not ready after 0.05 s" in out.getvalue()


def test_who_does_not_end_is_killed():
    run(Supervisor([child("stubborn", STUBBORN, stop_s_max=0.05)], out=io.StringIO()))


def test_asked_twice_it_hurries():
    out = io.StringIO()

    def ask_again() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while "stopping (" not in out.getvalue():
            time.sleep(0.01)

    run(Supervisor([child("stubborn", STUBBORN, stop_s_max=999)], out=out), then=ask_again)
    assert "stopping at once" in out.getvalue()


def test_what_a_child_leaves_behind_ends_with_it(tmp_path: Path):
    grandchild = tmp_path / "pid"
    code = (
        "import os, signal\n"
        "if not os.fork():\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"    open({str(grandchild)!r}, 'w').write(str(os.getpid()))\n"
        "    while 1: signal.pause()\n"
        "print('ready', flush=True); signal.pause()"
    )

    def written() -> None:
        while not (grandchild.exists() and grandchild.read_text()):
            time.sleep(0.01)

    run(Supervisor([child("parent", code)], out=io.StringIO()), then=written)
    _until_they_ended(_processes(int(grandchild.read_text())))


def test_output_cannot_fool_the_terminal_or_flood_the_memory():
    out = io.StringIO()
    code = f"print('\\x1b[2J\\x07bell', flush=True); print('x' * 1_000_000)\n{STEADY}"
    run(Supervisor([child("loud", code)], out=out))
    assert "loud  │ �[2J�bell\n" in out.getvalue()
    assert max(map(len, out.getvalue().splitlines())) < 400_000


def test_names_are_coloured_on_a_terminal():
    out = io.StringIO()
    run(Supervisor([child("web", STEADY)], out=out, colour=True))
    assert "\x1b[36mweb   │\x1b[0m ready now\n" in out.getvalue()


def test_nobody_survives_the_kill_of_the_supervisor():
    program = (
        "import asyncio, sys\n"
        "from warum.main.supervisor import ChildSpec, Supervisor\n"
        f"spec = ChildSpec(name='child', argv=(sys.executable, '-I', '-S', '-c', {STEADY!r}))\n"
        "asyncio.run(Supervisor([spec]).run(on_ready=lambda: print('up', flush=True)))\n"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", program], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        while supervisor.stdout.readline() != "up\n":
            pass
        (pid,) = [process.pid for process in psutil.Process(supervisor.pid).children()]
        watched = _processes(pid)
        supervisor.kill()
        supervisor.wait()
        _until_they_ended(watched)


def _until_they_ended(processes: list[psutil.Process]) -> None:
    given_up_s = time.monotonic() + 60
    while any(map(_lives, processes)):
        assert time.monotonic() < given_up_s
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    """Who ended and was not buried yet does not: in a container the first process may bury nobody."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _processes(pid: int) -> list[psutil.Process]:
    try:
        return [psutil.Process(pid)]
    except psutil.NoSuchProcess:
        return []
