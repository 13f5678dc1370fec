"""The command line: start, replay, measure, and every operation of the table.

Operations run directly against the database of the data folder, as the person at the terminal; the account that may
read the secrets is the operator. Exit codes: 0 done, 1 refused or failed, 2 not understood."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from warum.app import codec
from warum.app.call import AnyOperation, perform
from warum.app.operations import BY_NAME, OPERATIONS
from warum.kernel.ids import private
from warum.kernel.refusal import Refusal
from warum.main.cli_words import given, parser_of, shown
from warum.main.config import Config, ConfigError, load_config
from warum.main.database import DatabaseError
from warum.main.embedded import EmbeddedError
from warum.main.logs import masked
from warum.main.secret_store import SecretsError, load_secrets
from warum.main.wiring import open_deps, person
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable

OK: Final = 0
REFUSED: Final = 1
NOT_UNDERSTOOD: Final = 2


@dataclass(frozen=True, slots=True)
class Command:
    """A command beside the operations. ``module`` has ``main(argv)``, and is loaded only when it is asked for."""

    summary: str
    module: str


COMMANDS: Final[Mapping[str, Command]] = {
    "up": Command("Start everything: database, edge, worker, web.", "warum.main.start"),
    "demo": Command(
        "The same with a sample network that lives, in a data folder of its own.", "warum.main.demo.command"
    ),
    "replay": Command("Send a file of real bookings through the doors, with a driven clock.", "warum.main.replay"),
    "replay-decisions": Command(
        "Draw the arm of every click again, and compute every answer of the bots again; compare.",
        "warum.main.replay_decisions",
    ),
    "verify": Command("Compare database, books and files with the log of receipts.", "warum.main.log.verify"),
    "restore-log": Command(
        "Go on after the database was restored from a backup older than the log.", "warum.main.log.restore"
    ),
    "bench": Command("Measure; the last line is one JSON object.", "warum.main.bench"),
    "reference": Command("Write the reference pages.", "warum.main.reference"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    data, arguments = _data_folder(arguments)
    if data is not None:
        os.environ["WARUM_DATA"] = data
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _run(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(_usage())
        return OK if arguments else NOT_UNDERSTOOD
    if arguments[0] in ("--version", "version"):
        print(f"warum {version('warum')}")
        return OK
    word, rest = arguments[0], arguments[1:]
    if word in COMMANDS:
        return import_module(COMMANDS[word].module).main(rest)
    if word == "explain":
        return _operate(BY_NAME["conversion.explain"], rest)
    operation, behind = _operation(arguments)
    return _not_found(arguments) if operation is None else _operate(operation, behind)


def run_operation(operation: AnyOperation, config: Config, ask: object) -> Any:
    """The operation's output or its refusal, performed by whoever works at this terminal."""
    secrets = load_secrets(config.data)
    with open_deps(config, secrets, connections_max=2, name="warum cli") as deps:
        return perform(operation, deps, person(), ask)


def _operate(operation: AnyOperation, rest: Sequence[str]) -> int:
    options = parser_of(operation).parse_args(rest)
    values = given(operation, options)
    if isinstance(values, Refusal):
        return _say(values, NOT_UNDERSTOOD)
    ask = codec.read(operation, _order_or_conversion(operation, values))
    if isinstance(ask, Refusal):
        return _say(ask, NOT_UNDERSTOOD)
    try:
        output = run_operation(operation, load_config(os.environ, Path.cwd()), ask)
    except ConfigError as error:
        return _fail(str(error), NOT_UNDERSTOOD)
    except (DatabaseError, DatabaseMisfit, EmbeddedError, SecretsError) as error:
        return _fail(masked(str(error)), REFUSED)
    except DatabaseUnavailable as error:
        return _fail(f"the database does not answer; does `warum up` run? ({masked(str(error))})", REFUSED)
    if isinstance(output, Refusal):
        return _say(output, REFUSED)
    print(codec.text(operation, output) if options.json else shown(operation, codec.plain(operation, output)))
    return OK


def _order_or_conversion(operation: AnyOperation, values: dict[str, object]) -> dict[str, object]:
    """``warum explain 4711 --advertiser adv_1``: what does not look like a conversion's id is an order id."""
    named = values.get("conversion")
    if operation.name == "conversion.explain" and isinstance(named, str) and private("conversion", named) is None:
        del values["conversion"]
        values["order_id"] = named
    return values


def _operation(arguments: Sequence[str]) -> tuple[AnyOperation | None, list[str]]:
    """The operation that the first words name, as ``link create`` or ``link.create``, and the words behind."""
    for count in range(min(4, len(arguments)), 0, -1):
        operation = BY_NAME.get(".".join(arguments[:count]))
        if operation is not None:
            return operation, list(arguments[count:])
    return None, list(arguments)


def _data_folder(arguments: list[str]) -> tuple[str | None, list[str]]:
    """``--data DIR`` before the command."""
    if arguments[:1] == ["--data"] and len(arguments) > 1:
        return arguments[1], arguments[2:]
    if arguments and arguments[0].startswith("--data="):
        return arguments[0].partition("=")[2], arguments[1:]
    return None, arguments


def _not_found(arguments: Sequence[str]) -> int:
    words = [word for word in arguments[:3] if not word.startswith("-")]
    asked = ".".join(words)
    group = [operation for operation in OPERATIONS if operation.name.startswith(asked + ".")]
    if group:
        print(_listed(group))
        return OK if any(word in ("-h", "--help") for word in arguments) else NOT_UNDERSTOOD
    known = [*COMMANDS, "explain", *BY_NAME]
    near = get_close_matches(asked, known, n=3) or get_close_matches(words[0] if words else "", known, n=3)
    advice = (
        f"Did you mean {', '.join(name.replace('.', ' ') for name in near)}?" if near else "`warum help` lists all."
    )
    return _fail(f"there is no command {asked.replace('.', ' ')!r}. {advice}", NOT_UNDERSTOOD)


def _usage() -> str:
    commands = [f"  {name:<12} {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        (
            "usage: warum [--data DIR] COMMAND ...",
            "",
            *commands,
            f"  {'explain':<12} Why a conversion stands as it stands: warum explain cnv_1 [--lang de]",
            "",
            "Operations (each with --help, and --json for programs):",
            "",
            _listed(OPERATIONS),
        )
    )


def _listed(operations: Sequence[AnyOperation]) -> str:
    return "\n".join(f"  {operation.name.replace('.', ' '):<30} {operation.summary}" for operation in operations)


def _say(refusal: Refusal, code: int) -> int:
    return _fail(f"{refusal.message} [{refusal.code}]", code)


def _fail(message: str, code: int) -> int:
    print(f"warum: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
