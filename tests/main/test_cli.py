from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from warum.main import cli


@pytest.fixture
def run(
    module_database: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command on a database of its own: (exit code, standard output, standard error)."""
    monkeypatch.setenv("WARUM_DATABASE_URL", module_database.admin)
    monkeypatch.setenv("WARUM_DATA", str(tmp_path))
    monkeypatch.setattr(cli, "load_secrets", lambda folder: module_database.cluster.secrets)

    def command(*argv: str) -> tuple[int, str, str]:
        code = cli.main(argv)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_operations_run_from_the_terminal(run: Callable[..., tuple[int, str, str]]):
    code, out, _ = run("advertiser", "create", "--name", "Hotel Seeblick", "--json")
    assert code == 0
    advertiser = json.loads(out)["id"]
    code, out, _ = run("advertiser.show", advertiser)
    assert (code, "Hotel Seeblick" in out, "row_version" in out) == (0, True, True)
    _, out, _ = run("act", "list", "--subject", advertiser)
    assert "at the terminal" in out
    code, _, err = run("advertiser", "rename", advertiser, "--name", "Neu", "--expected-version", "7")
    assert (code, "row_version_stale" in err) == (1, True)
    run("advertiser", "host", "add", advertiser, "--host", "www.seeblick.example")
    run("advertiser", "host", "prove", advertiser, "--host", "www.seeblick.example", "--evidence", "seen it")
    _, out, _ = run(
        "program", "create", advertiser, "--name", "P", "--vertical", "hotel", "--currencies", "EUR", "CHF", "--json"
    )
    program = json.loads(out)
    assert program["currencies"] == ["EUR", "CHF"]
    code, out, _ = run(
        "offer", "create", program["id"], "--name", "Stay", "--json",
        "--landing-pages", "name='Blue room' url=https://www.seeblick.example/blue",
        '{"name": "Red", "url": "https://www.seeblick.example/red"}',
        "--propensities", "0.25", "0.75",
    )  # fmt: skip
    assert [arm["name"] for arm in json.loads(out)["arms"]] == ["Blue room", "Red"]
    _, out, _ = run("offer", "list")
    assert "0.25" in out


def test_what_is_not_understood_is_answered_with_advice(run: Callable[..., tuple[int, str, str]]):
    assert run()[0] == 2
    code, _, err = run("advertizer", "create")
    assert (code, "advertiser create" in err) == (2, True)
    code, out, _ = run("advertiser")
    assert (code, "advertiser host add" in out) == (2, True)
    code, _, err = run("program", "create", "pub_1", "--name", "x", "--vertical", "hotel")
    assert (code, "adv_12" in err) == (2, True)
    code, _, err = run("advertiser", "rename", "adv_1", "--advertiser", "adv_1", "--name", "x")
    assert (code, "given twice" in err) == (2, True)
    code, _, err = run("offer", "create", "prg_1", "--name", "x", "--landing-pages", "nonsense")
    assert (code, "name=..." in err) == (2, True)
    code, _, err = run("explain", "cnv_999")
    assert (code, "conversion_unknown" in err) == (1, True)
    code, _, err = run("explain", "4711")
    assert (code, "order id" in err) == (1, True)


def test_help_and_version(run: Callable[..., tuple[int, str, str]]):
    code, out, _ = run("help")
    assert code == 0
    for word in ("up", "demo", "replay", "bench", "explain", "conversion decline"):
        assert f"  {word} " in out
    assert run("--version")[1].startswith("warum ")


def test_a_folder_without_secrets_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("WARUM_DATA", "elsewhere")
    assert cli.main(["--data", str(tmp_path), "link", "list"]) == 1
    assert "warum up" in capsys.readouterr().err


def test_it_starts_without_the_arithmetic_of_the_bots():
    """numpy and scipy would take most of the time that a simple command takes."""
    look = "import sys, warum.main.cli; print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "[]\n"
