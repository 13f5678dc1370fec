#!/usr/bin/env python3
"""A witness: it cosigns checkpoints of a log that contain all that it saw before, so that nobody is told another story.

    python warum_witness.py --init witness.example/w1      makes a key, and prints the vkey that others put in a policy
    python warum_witness.py --log VKEY [--log VKEY ...]    serves POST /add-checkpoint of c2sp.org/tlog-witness

Needs warum_verify.py beside it, and the package `cryptography` to sign. It keeps its key in witness.key, and the newest
checkpoint of each log in witness.json: without the first it is another witness, without the second it has forgotten."""

import argparse
import json
import os
import re
import signal
import sys
import time
from base64 import b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from warum_verify import FORM, Flaw, has_signed, integer, need, open_note, read_json, roots_above, unbase64

PROOF_LINES_MAX = 63  # as many as the specification has
BODY_BYTES_MAX = 64 * 1024
IDLE_SECONDS_MAX = 10
SIZE_TYPE = "text/x.tlog.size"


class Refused(Exception):
    """A status, the text that goes with it, and its type."""

    def __init__(self, status, text, kind="text/plain; charset=utf-8"):
        super().__init__(text)
        self.status, self.text, self.kind = status, text + "\n", kind


class Cosigner:
    """The key of a witness: kind 4 of signed notes."""

    def __init__(self, name, seed):
        need(re.fullmatch(r"[^\s+]+", name))
        self.name, self.private = name, Ed25519PrivateKey.from_private_bytes(seed)
        self.key = b"\4" + self.private.public_key().public_bytes_raw()
        self.id = sha256(f"{name}\n".encode() + self.key).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64encode(self.key).decode()}"

    def line(self, text, now):
        """The signature line that says: at this moment, this was the largest tree that I had seen of this log."""
        signature = self.private.sign(f"cosignature/v1\ntime {now}\n{text}\n".encode())
        return f"— {self.name} {b64encode(self.id + now.to_bytes(8, 'big') + signature).decode()}\n"


class Witness:
    """What it saw of each log, and what it makes of a request."""

    def __init__(self, cosigner, vkeys, path):
        self.cosigner, self.path, self.lock = cosigner, path, Lock()
        self.logs = {vkey.split("+")[0]: vkey for vkey in vkeys}
        for vkey in vkeys:
            has_signed(vkey, 1, "", [])  # refuses what is no vkey of a log
        kept = read_json(path.read_text("utf-8")) if path.exists() else {}
        self.newest = {origin: (one["size"], unbase64(one["root"], 32)) for origin, one in kept.items()}

    def add(self, body):
        """The cosignature of the checkpoint in a request, or Refused. The order of refusals is the specification's."""
        try:
            head, _, note = body.decode().partition("\n\n")
            old_line, *path = head.split("\n")
            need(old_line.startswith("old ") and len(path) <= PROOF_LINES_MAX)
            old, path = integer(old_line[4:]), [unbase64(line, 32) for line in path]
            lines, *_ = open_note(note, "quorum none")
            origin, size, root, *more = lines
            size, root = integer(size), unbase64(root, 32)
            need(all(more))
        except (Flaw, *FORM):
            raise Refused(400, "This is not a request as c2sp.org/tlog-witness describes it.") from None
        if origin not in self.logs:
            raise Refused(404, "This witness does not know that log.")
        if not self.is_signed(note, origin):
            raise Refused(403, "The checkpoint is not signed with the key of its log.")
        if old > size:
            raise Refused(400, "The old size is above that of the checkpoint.")
        with self.lock:  # nobody else may add between the comparison and the record
            known, known_root = self.newest.get(origin, (0, sha256().digest()))
            if old != known or (size == known and root != known_root):
                raise Refused(409, str(known), SIZE_TYPE)
            if not contains(size, root, known, known_root, path):
                raise Refused(422, "The proof does not show that this tree contains the one before.")
            self.record(origin, size, root)
        return self.cosigner.line("\n".join(lines), int(time.time()))

    def is_signed(self, note, origin):
        try:
            return origin in open_note(note, f"log {self.logs[origin]}\nquorum none")[1]
        except (Flaw, *FORM):
            return False

    def record(self, origin, size, root):
        """What is cosigned is on disk before, whatever happens to the machine."""
        newest = {**self.newest, origin: (size, root)}
        kept = {name: {"size": n, "root": b64encode(data).decode()} for name, (n, data) in newest.items()}
        fresh = self.path.with_name(self.path.name + ".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps(kept, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self.newest = newest

    def words(self):
        """What a person reads who opens its address."""
        seen = [f"{origin}: {self.newest.get(origin, (0,))[0]} entries" for origin in sorted(self.logs)]
        return "\n".join(
            [
                f"This is {self.cosigner.name}, a witness. It cosigns checkpoints that contain all that it saw before.",
                f"Its key: {self.cosigner.vkey}",
                "The newest that it saw:",
                *seen,
                "",
            ]
        )


def contains(size, root, known, known_root, path):
    """Whether a tree begins with the one that is known; each begins with that of no leaves, without a proof."""
    if known == 0:
        return not path
    try:
        return roots_above(known, size, path, known_root) == (known_root, root)
    except (Flaw, *FORM):
        return False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS_MAX
    witness: Witness

    def do_GET(self):
        if self.path == "/":
            self.answer(200, self.witness.words())
        else:
            self.answer(404, "There is nothing here. POST /add-checkpoint is what this is for.\n")

    def do_POST(self):
        # A body that is not read would be taken for the next request.
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]{1,9}", length) or "Transfer-Encoding" in self.headers:
            self.answer(400, "The request needs a Content-Length.\n", last=True)
        elif int(length) > BODY_BYTES_MAX:
            self.answer(413, f"A request has at most {BODY_BYTES_MAX} bytes.\n", last=True)
        elif len(body := self.rfile.read(int(length))) < int(length):
            self.close_connection = True
        elif self.path != "/add-checkpoint":
            self.answer(404, "There is nothing here. POST /add-checkpoint is what this is for.\n")
        else:
            self.add(body)

    def add(self, body):
        try:
            self.answer(200, self.witness.add(body))
        except Refused as refused:
            self.answer(refused.status, refused.text, refused.kind)
        except OSError as error:
            print(f"nothing was cosigned: {error}", file=sys.stderr)
            self.answer(500, "The checkpoint could not be recorded, so it was not cosigned.\n", last=True)

    def answer(self, status, text, kind="text/plain; charset=utf-8", last=False):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if last:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    def handle_error(self, _request, client_address):
        print(f"lost the connection to {client_address[0]}: {sys.exc_info()[1]}", file=sys.stderr)


def make_key(name, path):
    """A new key, which nobody else on this machine may read, and never over one that is there."""
    seed = os.urandom(32)
    cosigner = Cosigner(name, seed)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(json.dumps({"name": name, "seed": b64encode(seed).decode()}) + "\n")
    return cosigner


def read_key(path):
    kept = read_json(path.read_text("utf-8"))
    return Cosigner(kept["name"], unbase64(kept["seed"], 32))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--init", metavar="NAME", help="make a key of this name, print its vkey, and end")
    parser.add_argument("--log", action="append", default=[], metavar="VKEY", help="a log to witness; may be repeated")
    parser.add_argument("--key", type=Path, default=Path("witness.key"), help="file of the key (witness.key)")
    parser.add_argument("--state", type=Path, default=Path("witness.json"), help="what was seen (witness.json)")
    parser.add_argument("--listen", default="127.0.0.1:8900", metavar="HOST:PORT", help="127.0.0.1:8900; port 0: any")
    options = parser.parse_args(arguments)
    try:
        if options.init is not None:
            print(make_key(options.init, options.key).vkey)
            return 0
        if not options.log:
            parser.error("name a log with --log, or make a key with --init")
        Handler.witness = Witness(read_key(options.key), options.log, options.state)
        host, _, port = options.listen.rpartition(":")
        server = Server((host, int(port)), Handler)
    except (Flaw, *FORM) as error:
        parser.error(f"a file, a key or the address cannot be used: {error}")
    # shutdown() waits for the loop to end, so it must not run in the thread of the loop.
    signal.signal(signal.SIGTERM, lambda *_: Thread(target=server.shutdown).start())
    signal.signal(signal.SIGINT, lambda *_: Thread(target=server.shutdown).start())
    print("{} listens at http://{}:{}/".format(Handler.witness.cosigner.name, *server.server_address[:2]), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
