"""The official vectors: those of transparency-dev/merkle, and those of RFC 8785 that fall in the kernel's domain."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest
import rfc8785

from warum.domain.tlog.merkle import verify_consistency, verify_inclusion
from warum.kernel.canonical import canonical

from .published import vectors


def cases(kind: str) -> list[dict[str, object]]:
    folder = vectors("merkle") / "testdata" / kind
    return [json.loads(path.read_text()) | {"path": str(path)} for path in sorted(folder.rglob("*.json"))]


def hashes(texts: list[str] | None) -> list[bytes]:
    return [b64decode(text) for text in texts or ()]


def test_inclusion_is_judged_as_the_vectors_want():
    judged = cases("inclusion")
    for case in judged:
        leaf, root = hashes([case["leafHash"], case["root"]])
        verdict = verify_inclusion(case["leafIdx"], case["treeSize"], leaf, root, hashes(case["proof"]))
        assert verdict is not case["wantErr"], case["path"]
    assert {case["wantErr"] for case in judged} == {True, False}


def test_consistency_is_judged_as_the_vectors_want():
    judged = cases("consistency")
    for case in judged:
        roots = hashes([case["root1"], case["root2"]])
        verdict = verify_consistency(case["size1"], case["size2"], *roots, hashes(case["proof"]))
        assert verdict is not case["wantErr"], case["path"]
    assert {case["wantErr"] for case in judged} == {True, False}


@pytest.mark.parametrize("name", ["arrays", "structures"])
def test_canonical_bytes_are_those_of_the_vectors(name: str):
    folder = vectors("jcs")
    # 56.0 and 56 are one number in JSON, and 56 is how RFC 8785 writes it.
    value = json.loads((folder / "input" / f"{name}.json").read_text(), parse_float=lambda text: int(float(text)))
    wanted = (folder / "output" / f"{name}.json").read_bytes()
    assert canonical(value) == rfc8785.dumps(value) == wanted


def test_beyond_ascii_keys_the_reference_goes_on_and_we_refuse():
    folder = vectors("jcs")
    value = json.loads((folder / "input" / "french.json").read_text())
    assert rfc8785.dumps(value) == (folder / "output" / "french.json").read_bytes()
    with pytest.raises(ValueError, match="ASCII"):
        canonical(value)
