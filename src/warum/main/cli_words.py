"""Operations in the words of a terminal: options made from the input's fields, answers as lines and tables."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from warum.app import codec
from warum.app.call import AnyOperation
from warum.kernel.refusal import Refusal
from warum.main.reference import kind, meaning, not_null

_FIRST: Final = "_first"


def parser_of(operation: AnyOperation) -> argparse.ArgumentParser:
    """Options for every field. The first needed field (or the first of all) may also stand without its name."""
    words = operation.name.replace(".", " ")
    parser = argparse.ArgumentParser(prog=f"warum {words}", description=operation.summary, allow_abbrev=False)
    first = _first_field(operation)
    if first is not None:
        parser.add_argument(_FIRST, nargs="?", metavar=first.upper(), help=f"the same as --{_dashed(first)}")
    for name, part, needed in codec.fields(operation):
        details = ", ".join(filter(None, (kind(part), "needed" if needed else _default(part))))
        about = f"{meaning(part)} ({details})".replace("`", "").strip()
        about = about.replace("%", "%%").replace("\\|", "|")
        option: dict[str, Any] = {"dest": name, "help": about, "metavar": _metavar(part), "default": None}
        match not_null(part).get("type"):
            case "array":
                option |= {"action": "extend", "nargs": "+"}
            case "boolean":
                option |= {"nargs": "?", "const": "true"}
            case _:
                pass
        parser.add_argument(f"--{_dashed(name)}", **option)
    parser.add_argument("--json", action="store_true", help="answer with one line of JSON")
    return parser


def given(operation: AnyOperation, options: argparse.Namespace) -> dict[str, object] | Refusal:
    """The fields that were given, as plain data."""
    values: dict[str, object] = {}
    for name, part, _ in codec.fields(operation):
        value: object = getattr(options, name)
        if value is None:
            continue
        schema = not_null(part)
        if schema.get("type") == "array" and _items(schema).get("type") == "object":
            parts = [_object(text) for text in cast("list[str]", value)]
            if any(part is None for part in parts):
                keys = " ".join(f"{key}=..." for key in _items(schema).get("properties", {}))
                return Refusal(code="option_unreadable", message=f"--{_dashed(name)} takes '{keys}'.", field=name)
            value = parts
        values[name] = value
    first = getattr(options, _FIRST, None)
    if first is not None:
        name = _first_field(operation)
        assert name is not None
        if name in values:
            return Refusal(code="option_twice", message=f"{name} was given twice.", field=name)
        values[name] = [first] if _is_list(operation, name) else first
    return values


def shown(operation: AnyOperation, plain: Mapping[str, Any]) -> str:
    """An answer for people: words if it has some, a table for a list, lines otherwise."""
    if "words" in plain:
        return "\n\n".join(
            "\n".join((section["title"], *(f"  {sentence}" for sentence in section["sentences"])))
            for section in plain["words"]
        )
    if len(plain) == 1:
        (only,) = plain.values()
        if isinstance(only, list):
            return _table(cast("list[dict[str, Any]]", only))
    return "\n".join(_lines(plain, ""))


def _lines(plain: Mapping[str, Any], indent: str) -> list[str]:
    width = max((len(name) for name in plain), default=0)
    lines: list[str] = []
    for name, value in plain.items():
        if isinstance(value, dict) and "amount_minor" not in value:
            lines += [f"{indent}{name}", *_lines(cast("dict[str, Any]", value), indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            table = _table(cast("list[dict[str, Any]]", value)).splitlines()
            lines += [f"{indent}{name}", *(f"{indent}  {line}" for line in table)]
        else:
            lines.append(f"{indent}{name:<{width}}  {_cell(value)}".rstrip())
    return lines


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "(none)"
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        held = cast("dict[str, Any]", value)
        return (
            f"{held['amount']} {held['currency']}" if "amount_minor" in held else json.dumps(held, ensure_ascii=False)
        )
    if isinstance(value, list):
        parts = cast("list[Any]", value)
        return ", ".join(_cell(part) for part in parts) or "-"
    return str(value)


def _first_field(operation: AnyOperation) -> str | None:
    fields = list(codec.fields(operation))
    needed = [name for name, _, need in fields if need]
    return next(iter(needed), None) or (fields[0][0] if fields else None)


def _is_list(operation: AnyOperation, field: str) -> bool:
    return any(name == field and not_null(part).get("type") == "array" for name, part, _ in codec.fields(operation))


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return schema.get("items") or {}


def _object(text: str) -> dict[str, str] | None:
    """``name=Rooms url=https://...`` (with quotes where a value has spaces), or a JSON object."""
    try:
        if text.lstrip().startswith("{"):
            read: object = json.loads(text)
            return cast("dict[str, str]", read) if isinstance(read, dict) else None
        pairs = [part.partition("=") for part in shlex.split(text)]
    except ValueError:
        return None
    return {name: value for name, _, value in pairs} if all(equals for _, equals, _ in pairs) else None


def _default(part: Mapping[str, Any]) -> str:
    default = part.get("default")
    return "" if default in (None, "", []) else f"else {_cell(default)}"


def _metavar(part: Mapping[str, Any]) -> str:
    schema = not_null(part)
    if "enum" in schema:
        return "|".join(str(word) for word in schema["enum"])
    pattern = str(schema.get("pattern", ""))
    if pattern.endswith("_[1-9][0-9]{0,18}$"):
        return pattern[1:].partition("_")[0] + "_N"
    return {"integer": "N", "boolean": "true|false", "array": "..."}.get(str(schema.get("type")), "TEXT")


def _dashed(name: str) -> str:
    return name.replace("_", "-")
