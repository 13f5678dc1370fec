"""The witness, as a process of its own: every status of c2sp.org/tlog-witness, two requests at once, and a restart."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tests.verifier.logs import FOLDER, Log, Signer, b64, consistency, load, root

verify = load("warum_verify")
NAME = "witness.example/w1"
COMMAND = [sys.executable, "-W", "error", str(FOLDER / "warum_witness.py")]


def grown(size: int, **other: object) -> Log:
    log = Log(**other)  # pyright: ignore[reportArgumentType]
    for n in range(size):
        log.enter("adv_1", "act", {"v": 1, "n": n}, n)
    return log


LOG = grown(40)


def request(log: Log, old: int, size: int, path: list[str] | None = None, note: str = "") -> bytes:
    hashes = (
        [b64(one) for one in consistency(old, log.leaves[:size])] if path is None and 0 < old <= size else path or []
    )
    return "\n".join([f"old {old}", *hashes, "", note or log.checkpoint(size)]).encode()


@dataclass
class Witness:
    folder: Path
    vkey: str
    process: subprocess.Popen[str]
    port: int

    def post(self, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, str | None]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", path, body)
        answer = connection.getresponse()
        said = answer.status, answer.read().decode(), answer.getheader("Content-Type")
        connection.close()
        return said

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0
        assert self.process.stderr is not None
        said = self.process.stderr.read()
        assert "Traceback" not in said
        return said


def start(folder: Path, vkey: str) -> Witness:
    options = ["--log", LOG.signer.vkey, "--log", Signer("other.example", 7).vkey, "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        [*COMMAND, *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    assert ready.startswith(f"{NAME} listens at http://127.0.0.1:"), process.communicate()
    return Witness(folder, vkey, process, int(ready.rstrip("/\n").rpartition(":")[2]))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    made = subprocess.run([*COMMAND, "--init", NAME], cwd=tmp_path, capture_output=True, text=True, check=True)
    running = start(tmp_path, made.stdout.strip())
    yield running
    if running.process.poll() is None:
        running.stop()
    for stream in (running.process.stdout, running.process.stderr):
        assert stream is not None
        stream.close()


def cosigned(witness: Witness, size: int, line: str) -> bool:
    policy = f"log {LOG.signer.vkey}\nwitness w {witness.vkey}\nquorum w"
    return verify.verify_checkpoint(LOG.checkpoint(size) + line, policy).size == size


def test_it_cosigns_what_contains_all_that_it_saw(witness):
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 40)):
        status, line, kind = witness.post(request(LOG, old, size))
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        assert line.startswith(f"— {NAME} ") and line.endswith("\n")
        assert cosigned(witness, size, line)


def test_the_key_is_for_its_owner_alone_and_is_not_written_over(witness):
    assert (witness.folder / "witness.key").stat().st_mode & 0o777 == 0o600
    again = subprocess.run([*COMMAND, "--init", NAME], cwd=witness.folder, capture_output=True, text=True, check=False)
    assert again.returncode == 2
    assert "Traceback" not in again.stderr
    name, key_id, key = witness.vkey.split("+", 2)
    assert name == NAME and len(key_id) == 8 and key.startswith("B")


def test_400_for_what_is_no_request(witness):
    good = request(LOG, 0, 3)
    for body in (
        b"",
        b"\n\n",
        b"old 0",
        good.replace(b"old 0", b"old 00"),
        good.replace(b"old 0", b"old -1"),
        good.replace(b"old 0", b"old"),
        good.replace(b"old 0\n", b"old 0\nnot base64\n"),
        good.replace(b"old 0\n", b"old 0\nAAAA\n"),
        good.replace(b"old 0\n", b"old 0\n" + (b64(bytes(32)) + "\n").encode() * 64),
        good.replace(b"\n3\n", b"\nthree\n"),
        good.replace(b"\n\n", b"\n"),
        good[:-1],
        good + b"\xff\n",
        b"\xff" * 100,
        b"{" * 1000,
        request(LOG, 9, 3),
    ):
        assert witness.post(body)[0] == 400
    assert witness.post(good)[0] == 200


def test_404_for_a_log_that_it_does_not_know(witness):
    assert witness.post(request(grown(3, origin="stranger.example"), 0, 3))[0] == 404
    assert witness.post(request(LOG, 0, 3), "/elsewhere")[0] == 404


def test_403_for_what_the_log_did_not_sign(witness):
    assert witness.post(request(grown(3, seed=2), 0, 3))[0] == 403
    note = LOG.checkpoint(3)
    forged = note[:-9] + ("A" if note[-9] != "A" else "B") + note[-8:]
    assert witness.post(request(LOG, 0, 3, note=forged))[0] == 403
    mixed = note.replace("\n3\n", "\n4\n")
    assert witness.post(request(LOG, 0, 4, note=mixed))[0] == 403
    assert witness.post(request(LOG, 0, 3, note=note + grown(3, seed=2).checkpoint().split("\n\n")[1]))[0] == 200


def test_409_says_what_it_saw_last(witness):
    assert witness.post(request(LOG, 2, 3)) == (409, "0\n", "text/x.tlog.size")
    assert witness.post(request(LOG, 0, 8))[0] == 200
    for old, size in ((0, 8), (0, 20), (3, 20), (9, 20), (3, 5)):
        assert witness.post(request(LOG, old, size)) == (409, "8\n", "text/x.tlog.size")
    assert witness.post(request(LOG, 8, 20))[0] == 200


def test_409_for_another_root_of_the_same_size(witness):
    assert witness.post(request(LOG, 0, 8))[0] == 200
    other = grown(8, secret="another")
    assert witness.post(request(other, 8, 8)) == (409, "8\n", "text/x.tlog.size")
    assert witness.post(request(LOG, 8, 8))[0] == 200


def test_422_for_a_proof_that_proves_nothing(witness):
    assert witness.post(request(LOG, 0, 8, [b64(bytes(32))]))[0] == 422, "from nothing, a proof is empty"
    assert witness.post(request(LOG, 0, 8))[0] == 200
    right = [b64(one) for one in consistency(8, LOG.leaves[:20])]
    for wrong in ([], right[:-1], [*right, b64(bytes(32))], right[::-1], [b64(bytes(32))] * len(right)):
        assert witness.post(request(LOG, 8, 20, wrong))[0] == 422
    assert witness.post(request(LOG, 8, 8, right))[0] == 422
    other = grown(20, secret="another")
    assert witness.post(request(other, 8, 20))[0] == 422
    assert witness.post(request(LOG, 8, 20))[0] == 200


def test_a_tree_without_leaves(witness):
    assert witness.post(request(grown(0), 0, 0))[0] == 200
    assert root([]) != bytes(32)
    text = f"{LOG.origin}\n0\n{b64(bytes(32))}\n"
    assert witness.post(request(LOG, 0, 0, note=text + "\n" + LOG.signer.line(text)))[0] == 409
    assert witness.post(request(LOG, 0, 3))[0] == 200


def test_of_requests_at_once_one_wins(witness):
    assert witness.post(request(LOG, 0, 2))[0] == 200
    bodies = [request(LOG, 2, size) for size in range(3, 40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(witness.post, bodies))
    assert [status for status, _, _ in answers].count(200) == 1
    (winner,) = [size for size, (status, _, _) in zip(range(3, 40), answers, strict=True) if status == 200]
    assert all(said == (409, f"{winner}\n", "text/x.tlog.size") for said in answers if said[0] != 200)
    assert json.loads((witness.folder / "witness.json").read_text())[LOG.origin]["size"] == winner


def test_after_a_restart_it_knows_what_it_saw(witness):
    assert witness.post(request(LOG, 0, 8))[0] == 200
    witness.stop()
    again = start(witness.folder, witness.vkey)
    try:
        assert again.post(request(grown(9, secret="another"), 0, 9)) == (409, "8\n", "text/x.tlog.size")
        status, line, _ = again.post(request(LOG, 8, 20))
        assert status == 200 and cosigned(witness, 20, line)
    finally:
        again.stop()
        for stream in (again.process.stdout, again.process.stderr):
            assert stream is not None
            stream.close()


def test_it_does_not_start_from_a_state_that_it_cannot_read(witness):
    witness.stop()
    for broken in ("", "{", "[]", '{"log.example/warum": {"size": 8}}'):
        (witness.folder / "witness.json").write_text(broken)
        done = subprocess.run(
            [*COMMAND, "--log", LOG.signer.vkey],
            cwd=witness.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_what_cannot_be_recorded_is_not_cosigned(witness):
    assert witness.post(request(LOG, 0, 3))[0] == 200
    (witness.folder / "witness.json.new").mkdir()
    assert witness.post(request(LOG, 3, 8))[0] == 500
    (witness.folder / "witness.json.new").rmdir()
    assert witness.post(request(LOG, 8, 20)) == (409, "3\n", "text/x.tlog.size")
    assert witness.post(request(LOG, 3, 8))[0] == 200


def test_it_says_in_words_what_it_is(witness):
    witness.post(request(LOG, 0, 8))
    connection = HTTPConnection("127.0.0.1", witness.port, timeout=60)
    connection.request("GET", "/")
    answer = connection.getresponse()
    said = answer.read().decode()
    assert answer.status == 200
    assert "witness" in said and witness.vkey in said
    assert f"{LOG.origin}: 8 entries" in said and "other.example: 0 entries" in said
    connection.request("GET", "/add-checkpoint")  # over the same connection
    answer = connection.getresponse()
    assert (answer.status, bool(answer.read())) == (404, True)
    connection.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 413),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST /add-checkpoint HTTP/1.1\r\n\r\n", 400),
        ("POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("NONSENSE\r\n\r\n", 400),
    ],
)
def test_limits(witness, head, status):
    with socket.create_connection(("127.0.0.1", witness.port), timeout=60) as connection:
        connection.sendall(head.encode())
        assert f" {status} ".encode() in connection.recv(1000)
    assert witness.post(request(LOG, 0, 3))[0] == 200


def test_a_client_that_leaves_in_the_middle(witness):
    for sent in (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 500\r\n\r\nold 0", b"PO", b""):
        with socket.create_connection(("127.0.0.1", witness.port), timeout=60) as connection:
            connection.sendall(sent)
    assert witness.post(request(LOG, 0, 3))[0] == 200
    witness.stop()


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--log", "x"],
        ["--log", Signer("w", 1, kind=4).vkey],
        ["--init", "two words"],
        ["--init", "a+b"],
        ["--listen", "x"],
    ],
)
def test_usage(tmp_path, options):
    if "--listen" in options:
        subprocess.run([*COMMAND, "--init", NAME], cwd=tmp_path, capture_output=True, check=True)
        options = [*options, "--log", LOG.signer.vkey]
    environment = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(
        [*COMMAND, *options], cwd=tmp_path, capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
