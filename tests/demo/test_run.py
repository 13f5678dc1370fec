"""The whole demo, for some seconds: real processes, real HTTP, figures that add up; then once more in its folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from warum.main.clock import FILE_NAME, scaled_clock
from warum.main.secret_store import ensure_secrets
from warum.main.stack import free_port


def demo(data: Path, *options: str, limit_s: float = 600) -> subprocess.CompletedProcess[str]:
    ports = {"WARUM_EDGE_PORT": str(free_port()), "WARUM_WEB_PORT": str(free_port())}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WARUM_")} | ports
    return subprocess.run(
        (sys.executable, "-P", "-m", "warum.main.cli", "demo", "--data", str(data), *options),
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=limit_s,
        cwd=data.parent,
    )


def figures(ran: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    return json.loads(line)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    data = tmp_path_factory.mktemp("demo") / "data"
    return data, figures(demo(data, "--for", "15", "--json", "--approve"))


def test_nothing_that_was_acknowledged_is_lost_and_the_books_balance(ran: tuple[Path, dict[str, Any]]):
    said = ran[1]
    assert said["edge_lost"] == 0
    assert said["ledger_balanced"] is True
    assert said["clicks"] > 500
    assert said["conversions"]["pending"] > 10
    assert set(said["conversions"]) == {"pending", "approved", "declined"}
    assert said["commission_minor"] > 0
    assert {"proposals", "applied", "outcomes"} <= said.keys()


def test_what_does_not_count_is_counted_by_its_reason(ran: tuple[Path, dict[str, Any]]):
    expected = {"crawler", "repeat", "head", "prefetch", "unknown_link", "deep_link_refused", "sub_id_without_consent"}
    assert expected <= ran[1]["drops"].keys()


def test_it_goes_on_where_it_stood_and_loses_nothing(ran: tuple[Path, dict[str, Any]]):
    data, first = ran
    clock = scaled_clock(data)
    assert clock is not None
    assert clock.begun_us is None, "it stands still"
    again = figures(demo(data, "--for", "3", "--json"))
    assert again["edge_lost"] == 0
    assert again["ledger_balanced"] is True
    assert again["clicks"] > first["clicks"]
    later = scaled_clock(data)
    assert later is not None
    assert later.at_us > clock.at_us


def test_a_live_installation_and_a_demo_keep_out_of_each_others_folders(
    ran: tuple[Path, dict[str, Any]], tmp_path: Path
):
    refused = subprocess.run(
        (sys.executable, "-P", "-m", "warum.main.cli", "up", "--data", str(ran[0])),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert refused.returncode == 2
    assert "belongs to a demo" in refused.stderr
    ensure_secrets(tmp_path, now_us=0)
    refused = demo(tmp_path)
    assert refused.returncode == 2
    assert "real clock" in refused.stderr
    assert not (tmp_path / FILE_NAME).exists()


def test_figures_need_an_end(tmp_path: Path):
    assert demo(tmp_path / "data", "--json").returncode == 2
    assert demo(tmp_path / "data", "--for", "0").returncode == 2
    assert not (tmp_path / "data").exists()
