"""The reference pages, made from the tables of operations and settings. A test compares them with the files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from warum.app import codec
from warum.app.call import AnyOperation, Change
from warum.app.operations import OPERATIONS
from warum.main.config import ENV_PREFIX, Config, settings

_FOLDER: Final = Path("docs/reference")


def main(argv: Sequence[str]) -> int:
    """Write the pages; the exit code."""
    parser = argparse.ArgumentParser(prog="warum reference", description="Write the reference pages.")
    parser.add_argument("folder", type=Path, nargs="?", default=_FOLDER)
    folder: Path = parser.parse_args(argv).folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)
    return 0


def pages() -> dict[str, str]:
    """Text by file name."""
    return {
        "operations.md": "\n".join(_operations()) + "\n",
        "configuration.md": "\n".join(_configuration()) + "\n",
    }


def _operations() -> Iterator[str]:
    yield "# Operations"
    yield ""
    yield "Made by `warum reference` from the table in `warum/app/operations.py`; do not edit by hand."
    yield ""
    yield (
        "Every operation is a command (`warum advertiser create --name ...`) and an address: `POST /v1/<operation>` "
        "with a JSON object for a change, `GET /v1/<operation>` with query parameters for a read, with an API key as "
        "`Authorization: Bearer`. The OpenAPI 3.1 description is at `/openapi.json`."
    )
    yield ""
    yield (
        'What went wrong comes as `{"error": {"code", "message", "field"}}`: 422 for an input that cannot be '
        "used, 404 for what does not exist or is not yours, 409 for what does not fit, 403 for a key that may not, 401 "
        "without a key, 503 while the database is away. On the command line the exit code is 1 for a refusal and 2 for "
        "a command that cannot be read."
    )
    for operation in OPERATIONS:
        yield from _operation(operation)


def _operation(operation: AnyOperation) -> Iterator[str]:
    yield ""
    yield f"## {operation.name}"
    yield ""
    yield operation.summary
    note = (operation.input.__doc__ or "").strip()
    if note and not note.startswith(operation.input.__name__ + "("):
        yield ""
        yield " ".join(note.split())
    yield ""
    method = "POST" if isinstance(operation, Change) else "GET"
    roles = ", ".join(sorted(role.value for role in operation.roles))
    yield f"`{method} /v1/{operation.name}` · `warum {operation.name.replace('.', ' ')}` · for {roles}"
    rows = list(codec.fields(operation))
    if rows:
        yield ""
        yield "| field | type | needed | meaning |"
        yield "|---|---|---|---|"
        for name, part, needed in rows:
            yield f"| `{name}` | {kind(part)} | {'yes' if needed else _default(part)} | {_cell(meaning(part))} |"
    gives = codec.adapter(operation.output).json_schema(mode="serialization")
    yield ""
    yield "Answers with " + ", ".join(f"`{name}`" for name in gives.get("properties", {})) + "."


def kind(part: Mapping[str, Any]) -> str:
    """A field's type in a few words."""
    part = not_null(part)
    if "enum" in part:
        return " \\| ".join(f"`{word}`" for word in part["enum"])
    if "const" in part:
        return f"`{part['const']}`"
    if part.get("type") == "array":
        return f"list of {kind(part.get('items') or {})}"
    if part.get("type") == "object":
        return "object with " + ", ".join(part.get("properties", {}))
    if str(part.get("pattern", "")).endswith("_[1-9][0-9]{0,18}$"):
        return f"id `{part['pattern'][1:].partition('_')[0]}_…`"
    if part.get("format") == "date-time":
        return "moment"
    if any("number" in str(option.get("type")) for option in part.get("anyOf", ())):
        return "number"
    return {"string": "text", "integer": "whole number", "boolean": "yes or no"}.get(str(part.get("type")), "number")


def meaning(part: Mapping[str, Any]) -> str:
    """What a field is for; the description may stand at the field or at its type."""
    found = part.get("description") or not_null(part).get("description") or ""
    return str(found)


def not_null(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """The type itself where null is allowed beside it."""
    options = [option for option in part.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        return {**options[0], **({"description": part["description"]} if "description" in part else {})}
    return part


def _default(part: Mapping[str, Any]) -> str:
    default = part.get("default")
    return "no" if default in (None, "", []) else f"`{json.dumps(default, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _configuration() -> Iterator[str]:
    yield "# Configuration"
    yield ""
    yield "Made by `warum reference` from the table in `warum/main/config.py`; do not edit by hand."
    yield ""
    yield (
        "Settings come from the environment and from `warum.toml` in the data folder (or the file that `WARUM_CONFIG` "
        "names); the environment wins. In the file a setting has the name without `WARUM_`, in small letters. An "
        "unknown key is an error that names the nearest one."
    )
    yield ""
    yield "| variable | default | meaning |"
    yield "|---|---|---|"
    defaults = Config()
    for name, setting in settings().items():
        default = getattr(defaults, name)
        shown = (
            "not set"
            if default in (None, ())
            else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        )
        yield f"| `{ENV_PREFIX}{name.upper()}` | {shown} | {_cell(setting.help)} |"
