"""The supervisor: starts child processes, shows what they say, starts those again that die, and ends all in good order.

Children are sessions of their own, so that Ctrl-C in the terminal reaches only the supervisor, which then stops them
one after the other, the last started first. They are bound to its life (see ``launch``): even ``kill -9`` of the
supervisor ends them. Nothing here knows what the children do; ``up`` puts the parts of Warum together."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, STDOUT
from typing import Final, TextIO

from warum.main.launch import bound_to_parent

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_backoff_s_max: Final = 30.0
_steady_s: Final = 60.0  # who ran this long and then died begins again with the shortest pause
_first_failures_max: Final = 3
_poll_s: Final = 0.02
_kill_s_max: Final = 10.0
_line_bytes_max: Final = 16 * 1024
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COLOURS: Final = (36, 33, 32, 35, 34)
_BOLD: Final = 1


class SupervisorError(Exception):
    """A child never came up, and all others were stopped. The text says which one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """One child process.

    Attributes:
        name: stands before each of its lines.
        argv: its command.
        env: its whole environment; None: ours.
        cwd: the folder it starts in; None: ours.
        before: called in a thread before each start.
        ready: asked with the process id until it says yes; None: the child prints a line with ``ready`` as first word.
        ready_s_max: who is not ready by then is ended and counts as failed.
        gate: the children after it wait until it is ready and ``opened`` is done.
        opened: called in a thread when the gate opens for the first time.
        stop_signal: asks it to end.
        stop_s_max: how long it may take to end.
        kill_signal: what it gets after that, or when somebody is in a hurry.
        bound: bind it to our life here; False if its command does so itself.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    cwd: str | None = None
    before: Callable[[], object] | None = None
    ready: Callable[[int], bool] | None = None
    ready_s_max: float = 60.0
    gate: bool = False
    opened: Callable[[], object] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_s_max: float = 15.0
    kill_signal: signal.Signals = signal.SIGKILL
    bound: bool = True


class Supervisor:
    """Runs children until it is told to stop.

    Args:
        children: in the order of their start.
        out: where their lines go; None: standard output.
        colour: whether names are coloured; None: if ``out`` is a terminal.
        backoff_s: the pause before a child that died is started again; it doubles up to half a minute.
    """

    def __init__(
        self,
        children: Sequence[ChildSpec],
        *,
        out: TextIO | None = None,
        colour: bool | None = None,
        backoff_s: float = 0.5,
    ) -> None:
        self._printer = _Printer(out or sys.stdout, colour, max(len(child.name) for child in children))
        self._stopping = asyncio.Event()
        self._hurried = asyncio.Event()
        self._children = [
            _Child(spec, self._printer, _COLOURS[number % len(_COLOURS)], backoff_s, self._hurried)
            for number, spec in enumerate(children)
        ]

    async def run(self, *, on_ready: Callable[[], object] | None = None) -> None:
        """Start all children in the main thread; return when all have ended after a request or a signal to stop.

        Args:
            on_ready: called once, in a thread, when every child is ready.

        Raises:
            SupervisorError: a child failed three times before it was ever ready.
        """
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self.request_stop)
        work = asyncio.create_task(self._work(on_ready))
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            stop.cancel()
            self._stopping.set()
            for child in reversed(self._children):
                await child.stop()
            for number in STOP_SIGNALS:
                loop.remove_signal_handler(number)

    def request_stop(self) -> None:
        """End all children in good order; asked a second time, at once."""
        if self._stopping.is_set():
            self._printer.say("stopping at once")
            self._hurried.set()
        else:
            self._printer.say("stopping (once more to hurry)")
            self._stopping.set()

    async def _work(self, on_ready: Callable[[], object] | None) -> None:
        async with asyncio.TaskGroup() as group:
            for child in self._children:
                group.create_task(child.keep())
                if child.spec.gate:
                    await child.was_ready.wait()
                    await _in_thread(child.spec.opened)
            for child in self._children:
                await child.was_ready.wait()
            await _in_thread(on_ready)


class _Child:
    def __init__(
        self, spec: ChildSpec, printer: _Printer, colour: int, backoff_s: float, hurried: asyncio.Event
    ) -> None:
        self.spec = spec
        self.was_ready = asyncio.Event()
        self._printer = printer
        self._colour = colour
        self._backoff_s = backoff_s
        self._hurried = hurried
        self._talk: _Talk | None = None
        self._said_ready = False

    async def keep(self) -> None:
        """Keep it running; ends only by cancellation, or by SupervisorError when it never comes up."""
        failures = 0
        while True:
            started = time.monotonic()
            how = await self._run()
            failures = 0 if time.monotonic() - started > _steady_s else failures
            failures += 1
            if not self.was_ready.is_set() and failures >= _first_failures_max:
                raise SupervisorError(f"{self.spec.name} does not come up: it {how}.")
            pause_s = min(self._backoff_s * 2 ** (failures - 1), _backoff_s_max)
            self._printer.say(f"{self.spec.name} {how}; starting it again in {pause_s:g} s")
            await asyncio.sleep(pause_s)

    async def stop(self) -> None:
        """End it: ask, wait, and insist."""
        talk = self._talk
        if talk is None:
            return
        if not self._hurried.is_set():
            talk.signal(self.spec.stop_signal)
            await _first(self.spec.stop_s_max, talk.exited, self._hurried)
        for way in (self.spec.kill_signal, signal.SIGKILL):
            if not talk.exited.is_set():
                talk.signal(way)
                await _first(_kill_s_max, talk.exited)
        await self._close(talk)

    async def _run(self) -> str:
        """Run it once; tells how it ended."""
        spec = self.spec
        self._said_ready = False
        await _in_thread(spec.before)
        prefix = bound_to_parent(signal.SIGTERM) if spec.bound else ()
        try:
            # Not asyncio.create_subprocess_exec: its wait() also waits for whoever else holds the output open.
            _, talk = await asyncio.get_running_loop().subprocess_exec(
                lambda: _Talk(self._show),
                *prefix,
                *spec.argv,
                env=spec.env,
                cwd=spec.cwd,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return f"cannot be started ({error})"
        self._talk = talk
        deadline = time.monotonic() + spec.ready_s_max
        while not talk.exited.is_set():
            if self._is_ready(talk.pid):
                self.was_ready.set()
                break
            if time.monotonic() > deadline:
                self._printer.say(f"{spec.name} is not ready after {spec.ready_s_max:g} s and is ended")
                await self.stop()
            await asyncio.sleep(_poll_s)
        await talk.exited.wait()
        await self._close(talk)
        return talk.how_it_ended()

    def _is_ready(self, pid: int) -> bool:
        return self._said_ready if self.spec.ready is None else self.spec.ready(pid)

    def _show(self, line: str) -> None:
        if line.split(" ", 1)[0] == "ready":
            self._said_ready = True
        self._printer.show(self.spec.name, line, self._colour)

    async def _close(self, talk: _Talk) -> None:
        """After its end: processes that it left behind would hold its port. PostgreSQL sees to its own."""
        if self._talk is None:
            return
        self._talk = None
        if self.spec.kill_signal == signal.SIGKILL:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(talk.pid, signal.SIGKILL)
        await _first(1, talk.closed)
        talk.close()


class _Talk(asyncio.SubprocessProtocol):
    """What a process says, line by line, and when it ends."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self.exited = asyncio.Event()
        self.closed = asyncio.Event()
        self.pid = 0
        self._show = show
        self._rest = b""
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport
        self.pid = transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _line_bytes_max:  # an endless line is shown in pieces
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            self._show(line.decode("utf-8", "replace").rstrip())

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._rest:
            self._show(self._rest.decode("utf-8", "replace"))
        self.closed.set()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        with suppress(ProcessLookupError):
            if self._transport is not None:
                self._transport.send_signal(number)

    def close(self) -> None:
        """Let go of its output."""
        if self._transport is not None:
            self._transport.close()

    def how_it_ended(self) -> str:
        """In words, for the log."""
        code = None if self._transport is None else self._transport.get_returncode()
        return f"was ended by {signal.Signals(-code).name}" if code and code < 0 else f"ended with exit code {code}"


class _Printer:
    def __init__(self, out: TextIO, colour: bool | None, width: int) -> None:
        self._out = out
        self._coloured = out.isatty() if colour is None else colour
        self._width = max(width, len("warum"))

    def say(self, line: str) -> None:
        """A line of the supervisor's own."""
        self.show("warum", line, _BOLD)

    def show(self, name: str, line: str, colour: int) -> None:
        """One line under a name. That the terminal went away is no reason to stop working."""
        label = f"{name:<{self._width}} │"
        label = f"\x1b[{colour}m{label}\x1b[0m" if self._coloured else label
        with suppress(OSError, ValueError):
            self._out.write(f"{label} {_CONTROL.sub('�', line)}\n")
            self._out.flush()


async def _in_thread(call: Callable[[], object] | None) -> None:
    if call is not None:
        await asyncio.to_thread(call)


async def _first(limit_s: float, *events: asyncio.Event) -> None:
    """Wait for whichever comes first, or for the end of the time."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waiting, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
    for future in waiting:
        future.cancel()
