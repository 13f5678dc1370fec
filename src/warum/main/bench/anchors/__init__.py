"""Asking other people's libraries, so that a benchmark has its anchor's figures from the same run.

These libraries are heavy and no part of the product. They live in an environment of their own (`make anchors`, from
``requirements-anchors.lock``), and a benchmark talks to one through a script of ours beside this file. The script
imports the library and numpy, nothing of Warum, and has one function, ``answerer()``, which gives the function that
answers: a mapping in, a mapping out, both JSON; large arrays go by the path of an ``.npz`` file. What it knows stays
between questions, so an anchor can play a game batch by batch in the benchmark's own harness.

Where an anchor cannot answer there is a ``Skipped`` with one line that says why: an absent anchor never fails a
benchmark, and never goes unmentioned."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, Final, TypeAlias

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[4]

# An anchor has one core, as ours has: benchmarks share out the cores by processes.
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
_LINE_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why an anchor has no figures, in one line."""

    reason: str


Answer: TypeAlias = dict[str, Any]


class Anchor:
    """A conversation with one script. After the first thing that goes wrong every answer is the same ``Skipped``."""

    def __init__(self, name: str, process: subprocess.Popen[str], errors: Path, seconds: float) -> None:
        self._name, self._process, self._errors = name, process, errors
        self._lost: Skipped | None = None
        self._late = False
        self._seconds = seconds
        self._timer = Timer(seconds, self._end_late)
        self._timer.daemon = True
        self._timer.start()

    def ask(self, question: Mapping[str, object]) -> Answer | Skipped:
        """What the script says to a question."""
        if self._lost is None:
            answer = self._exchange(json.dumps(question))
            if not isinstance(answer, Skipped):
                return answer
            self._lost = answer
        return self._lost

    def close(self) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.communicate()

    def _exchange(self, line: str) -> Answer | Skipped:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            told = self._process.stdout.readline()
        except OSError:
            told = ""
        if told.endswith("\n"):  # else it was ended in the middle of its answer, or before
            return json.loads(told)
        if self._late:
            return Skipped(f"{self._name} took longer than {self._seconds:g} s")
        said = [each.strip() for each in self._errors.read_text(errors="replace").splitlines() if each.strip()]
        return Skipped(f"{self._name} ended: {said[-1][:_LINE_MAX] if said else 'without a word'}")

    def _end_late(self) -> None:
        self._late = True
        self._process.kill()


class Absent(Anchor):
    """An anchor that is not installed."""

    def __init__(self, skipped: Skipped) -> None:
        self._lost = skipped

    def close(self) -> None:
        """Nothing was begun."""


@contextmanager
def opened(script: str | Path, *, seconds: float, environment: str = "anchors") -> Generator[Anchor]:
    """A conversation with a script beside this file (or elsewhere, by its path).

    Args:
        seconds: for the whole conversation; whatever takes longer is ended and skipped.
        environment: the group of pyproject.toml whose libraries the script needs, installed in ``.venv-NAME``.
    """
    path = HERE / f"{script}.py" if isinstance(script, str) else script
    python = ROOT / f".venv-{environment}/bin/python"
    if not (python.parent.parent / "ready").exists():
        yield Absent(Skipped(f"{path.stem} is not installed: make anchors"))
        return
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder) / "errors"
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                [str(python), "-I", "-W", "ignore", str(HERE / "talk.py"), str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env={**os.environ, **_ONE_THREAD},
                cwd=folder,
            )
        anchor = Anchor(path.stem, process, errors, seconds)
        try:
            yield anchor
        finally:
            anchor.close()
