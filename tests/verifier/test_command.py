"""The command, as a partner runs it: one process of a bare Python."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.verifier.logs import FOLDER, Log, b64, clicks, load, month, us

verify = load("warum_verify")


def run(*arguments: object, code: int) -> str:
    command = [sys.executable, "-I", "-W", "error", str(FOLDER / "warum_verify.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code < 2 else done.stderr


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return written(tmp_path, month().file(complete=month().claims()))


def written(folder: Path, text: str, name: str = "mine.receipts.json") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_it_is_one_file_of_plain_python_with_at_most_400_lines():
    text = (FOLDER / "warum_verify.py").read_text("utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= 400
    assert max(map(len, text.split("\n"))) <= 120
    used = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    used |= {name.name for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names}
    assert used <= sys.stdlib_module_names


def test_everything_holds(mine):
    said = run(mine, "--key", Log().signer.vkey, code=0).split("\n")
    assert said[0] == "Everything holds: 6 receipts, from a log of 6 entries."
    assert any("commission 8.00 EUR = 8 % of 100.00 EUR (rule rul_4): right." in line for line in said)


def test_the_key_that_came_along_is_to_be_compared(mine):
    assert "compare it with that in your contract" in run(mine, code=0)


def test_the_first_line_is_what_a_partner_reads(tmp_path):
    file = written(tmp_path, month(clicks=clicks(amount="85")).file())
    first = run(file, code=1).split("\n")[0]
    assert first == (
        "Receipt 3 of adv_1/pub_2: 12 clicks came on 2027-05-06; commission 0.85 EUR, "
        "but it should be 0.84 EUR = 12 x 0.07 EUR (rule rul_9)."
    )


def test_as_json(mine, tmp_path):
    said = json.loads(run(mine, "--json", "--key", Log().signer.vkey, code=0))
    assert (said["ok"], said["errors"], said["notes"]) == (True, [], [])
    assert said["checked"]["receipts"] == 6
    said = json.loads(run(written(tmp_path, "x"), "--json", code=1))
    assert said["ok"] is False and len(said["errors"]) == 1


def test_with_a_policy(mine, tmp_path):
    run(mine, "--policy", written(tmp_path, Log().policy, "policy"), code=0)
    run(mine, "--policy", written(tmp_path, Log(seed=2).policy, "policy"), code=1)


def test_what_is_remembered(mine, tmp_path):
    state, log = tmp_path / "state.json", month()
    run(mine, "--state", state, code=0)
    kept = json.loads(state.read_text())
    assert kept[log.origin]["size"] == 6
    run(mine, "--state", state, code=0)
    log.enter("adv_1", "act", {"v": 1}, us("2027-06-02 10:00"))
    assert "may not continue that of 6" in run(written(tmp_path, log.file(), "new.json"), "--state", state, code=1)
    assert json.loads(state.read_text()) == kept
    run(written(tmp_path, log.file(consistency=[log.consistency(6)]), "new.json"), "--state", state, code=0)
    assert json.loads(state.read_text())[log.origin]["size"] == 7
    other = month()
    other.seed = 2
    assert "the key of the log" in run(written(tmp_path, other.file(), "new.json"), "--state", state, code=1)
    for broken in ("{", "[]", '{"x": 1}', '{"x": {"size": 1, "root": "x", "vkey": "x"}}'):
        run(mine, "--state", written(tmp_path, broken, "broken.json"), code=2)
    run(mine, "--state", tmp_path / "no" / "such" / "folder.json", code=2)


def test_usage(mine, tmp_path):
    run(code=2)
    run(tmp_path / "absent", code=2)
    run(tmp_path, code=2)
    run(mine, "--key", "not a key", code=2)
    run(mine, "--key", Log().signer.vkey[:-4] + "AAA=", code=2)
    run(mine, "--policy", written(tmp_path, "quorum none\nquorum none", "policy"), code=2)
    run(mine, "--policy", tmp_path / "absent", code=2)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "mine").write_bytes(b"\xff\x00" * 1000)
    assert "damaged" in run(tmp_path / "mine", code=1)


def test_nothing_of_a_file_reaches_the_terminal_raw(tmp_path):
    log = Log()
    log.enter("adv_1", "act", {"v": 1, "say": "\x1b[2J\nEverything holds\u202e"}, 1)
    said = run(written(tmp_path, log.file()), code=0)
    assert said.isascii() and "\x1b" not in said
    name = "\x1b[2Jadv_1\nEverything holds"
    said = run(written(tmp_path, log.file().replace(b64(b"x"), name)), code=0)
    assert "\x1b" not in said
    with_name = {**log.entries[0].series, "name": name}
    said = run(written(tmp_path, log.receipt(log.entries[0], series=with_name)), code=0)
    assert "\x1b" not in said and "\nEverything" not in said
