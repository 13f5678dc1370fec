"""Both languages are whole, templates hold no text, and no key is missing or left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import Environment, nodes

import warum.web.console as console
from warum.web.console.rendering import TEMPLATES
from warum.web.console.words import LOCALES, WORDS, Table, say
from warum.web.console.words.word import Text

HERE = Path(console.__file__).parent
FILES = sorted(TEMPLATES.rglob("*.html"))
ENVIRONMENT = Environment(autoescape=True)

# What a reader sees though it stands in no word table: signs of the keyboard, and what separates.
SIGNS = re.compile(r"[\s·–:()?/.,A-Z]*")


# Codes that are put together from the state that is in the way.
MADE_UP = {"bot_running", "bot_stopped"}


def refusal_codes() -> set[str]:
    """Every code with which a use case, a vertical or the domain says no: of ``Refusal(...)``, of the helpers that make
    one from a code, and of ``missing(kind)``."""
    package = HERE.parent.parent
    files = [path for layer in ("app", "verticals", "domain") for path in (package / layer).rglob("*.py")]
    trees = {".".join(path.relative_to(package).with_suffix("").parts): ast.parse(path.read_text()) for path in files}
    helpers = {f"warum.{module}": helpers_of(tree) for module, tree in trees.items()}
    return MADE_UP.union(*(codes_of(tree, helpers) for tree in trees.values()))


def helpers_of(tree: ast.Module) -> dict[str, int]:
    """The functions that make a refusal from a code, and which of their arguments it is."""
    places: dict[str, int] = {}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = [argument.arg for argument in function.args.args]
        for call in calls(function):
            code = code_of(call, 0)
            if name_of(call) == "Refusal" and isinstance(code, ast.Name):
                places[function.name] = names.index(code.id)
    return places


def codes_of(tree: ast.Module, helpers: Mapping[str, Mapping[str, int]]) -> set[str]:
    codes: set[str] = set()
    places = {"Refusal": 0, **helpers_of(tree)}
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)):
        known = helpers.get(node.module or "", {})
        places |= {name.asname or name.name: known[name.name] for name in node.names if name.name in known}
    for call in calls(tree):
        match name_of(call), code_of(call, places.get(name_of(call), 0)):
            case "missing", ast.Constant(value=str(kind)):
                codes.add(f"{kind}_unknown")
            case name, ast.Constant(value=str(code)) if name in places:
                codes.add(code)
            case _:
                pass
    return codes


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def code_of(call: ast.Call, place: int) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    return named[0] if named else call.args[place] if len(call.args) > place else None


CODES = refusal_codes()


def forms(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_every_text_says_the_same_in_both_languages(key: str) -> None:
    english, german = WORDS[key]
    assert len(forms(english)) == len(forms(german))
    assert all(forms(english)) and all(forms(german))
    assert len({frozenset(holes(form)) for form in (*forms(english), *forms(german))}) == 1


def test_no_two_files_have_the_same_key() -> None:
    tables: list[Table] = [vars(module)["WORDS"] for module in (console.words.__dict__[name] for name in subjects())]
    assert sum(len(table) for table in tables) == len(WORDS)


def test_one_and_many() -> None:
    assert say("de", "settings.sessions.ended", 1) == "{n} andere Sitzung beendet."
    assert say("de", "settings.sessions.ended", 0) == "{n} andere Sitzungen beendet."
    assert len(LOCALES) == 2


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_a_template_holds_no_text(file: Path) -> None:
    for text in texts(file):
        assert SIGNS.fullmatch(text), f"{file.name}: {text.strip()!r} belongs into words/"


def test_every_key_that_is_used_exists_and_every_key_is_used() -> None:
    # The word tables themselves, and the page that explains how pages are made.
    not_pages = {HERE / "__init__.py", *(HERE / "words").iterdir()}
    whole = "".join(path.read_text() for path in [*FILES, *HERE.rglob("*.py")] if path not in not_pages)
    exact = set(re.findall(r"""(?:\bt|\bsay)\(\s*["']([a-z0-9_.]+)["']""", whole))
    begun = set(re.findall(r"""(?:\bt|\bsay)\(\s*f?["']([a-z0-9_.]+\.)(?:["'] ~|\{)""", whole))
    either = set(re.findall(r"""["']([a-z0-9_]+\.[a-z0-9_.]+)["']""", whole)) & set(WORDS)
    assert {key for key in exact if "." in key and not key.endswith(".")} <= set(WORDS)
    spoken = exact | either | {key for key in WORDS if key.startswith("refusal.")}
    unused = {key for key in WORDS if key not in spoken and not key.startswith(tuple(begun))}
    assert not {key for key in unused if not key.startswith("error.")}
    for page in ("404", "403", "409", "422", "500", "503", "origin"):
        assert f"error.{page}.title" in WORDS


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_no_is_said_in_both_languages(code: str) -> None:
    assert f"refusal.{code}" in WORDS


def test_no_words_are_left_of_a_no_that_nobody_says() -> None:
    assert {key for key in WORDS if key.startswith("refusal.")} <= {f"refusal.{code}" for code in CODES}


def subjects() -> list[str]:
    return [path.stem for path in (HERE / "words").glob("*.py") if path.stem not in ("__init__", "word")]


def texts(file: Path) -> list[str]:
    """What a browser would show of the template's own text: no tags, no attributes but those that are read aloud."""
    tree = ENVIRONMENT.parse(file.read_text())
    source = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\0"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )
    read_aloud = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"\0]*)"', source)
    bare = re.sub(r"<[^<>]*>", " ", re.sub(r"<!doctype[^>]*>", "", source))
    inside = re.sub(r"[a-z-]+=\"[^\"]*\"?|\0", " ", bare)
    return [*read_aloud, inside]
