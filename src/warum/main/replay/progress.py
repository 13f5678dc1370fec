"""What a person sees meanwhile: a bar in a terminal, now and then a line elsewhere. Both go to standard error, so that
the summary on standard output stays readable for programs."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import Final, TextIO

from warum.kernel.period import from_us

_bar_chars: Final = 28
_window_s: Final = 10.0
_line_s: Final = 10.0
_bar_s: Final = 0.2


class Progress:
    """Events done, rate over the last seconds, and the date in the world of the file."""

    def __init__(self, out: TextIO, *, total: int) -> None:
        self._out = out
        self._total = total
        self._bar = out.isatty()
        self._samples: deque[tuple[float, int]] = deque()
        self._shown = 0.0
        self._open = False

    def show(self, done: int, at_us: int, *, last: bool = False) -> None:
        """Call it often; it decides itself when to write."""
        now = monotonic()
        if not self._samples:
            # A rate needs two moments.
            self._samples.append((now, done))
            self._shown = now
        if not last and now - self._shown < (_bar_s if self._bar else _line_s):
            return
        self._shown = now
        self._samples.append((now, done))
        while now - self._samples[0][0] > _window_s and len(self._samples) > 2:
            self._samples.popleft()
        text = f"{done:,} of {self._total:,} events, {self._rate():,.0f}/s, {from_us(at_us):%Y-%m-%d}"
        if self._bar:
            full = _bar_chars * done // max(self._total, 1)
            self._out.write(f"\r\x1b[K[{'#' * full}{'.' * (_bar_chars - full)}] {text}")
            self._open = True
        else:
            self._out.write(text + "\n")
        self._out.flush()

    def say(self, line: str) -> None:
        """A line of its own."""
        self._out.write(("\n" if self._open else "") + line + "\n")
        self._out.flush()
        self._open = False

    def _rate(self) -> float:
        (begun, from_), (now, done) = self._samples[0], self._samples[-1]
        return (done - from_) / (now - begun) if now > begun else 0.0
