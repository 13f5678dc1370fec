"""The OpenAPI 3.1 description, made from the table of operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from warum.app import codec
from warum.app.call import AnyOperation, Change
from warum.kernel.refusal import Kind
from warum.web.errors import status_of

PREFIX: Final = "/v1/"
_TEMPLATE: Final = "#/components/schemas/{model}"
_WORDS: Final = {
    Kind.INVALID: "The input cannot be used; the message says why.",
    Kind.NOT_FOUND: "There is no such thing, or it is not yours.",
    Kind.CONFLICT: "It does not fit what is there; the message says what to do.",
    Kind.FORBIDDEN: "This key may not.",
}
_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "field"],
            "properties": {
                "code": {"type": "string", "description": "Stable, for programs."},
                "message": {"type": "string", "description": "For people: what is wrong and what to do."},
                "field": {"type": ["string", "null"], "description": "The input field that has to change."},
            },
        }
    },
}


def openapi(operations: Sequence[AnyOperation], *, version: str) -> dict[str, Any]:
    """The whole document."""
    inputs: list[tuple[str, Any, TypeAdapter[Any]]] = [
        (operation.name, "validation", codec.adapter(operation.input)) for operation in operations
    ]
    outputs: list[tuple[str, Any, TypeAdapter[Any]]] = [
        (operation.name, "serialization", codec.adapter(operation.output)) for operation in operations
    ]
    schemas, shared = TypeAdapter.json_schemas([*inputs, *outputs], ref_template=_TEMPLATE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Warum",
            "version": version,
            "summary": "Performance and affiliate marketing that can answer why.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"key": []}],
        "tags": [{"name": name} for name in dict.fromkeys(_tag(operation) for operation in operations)],
        "paths": {
            PREFIX + operation.name: {
                "post" if isinstance(operation, Change) else "get": _described(
                    operation, schemas[(operation.name, "validation")], schemas[(operation.name, "serialization")]
                )
            }
            for operation in operations
        },
        "components": {
            "schemas": {**shared.get("$defs", {}), "Error": _ERROR},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}},
        },
    }


def _described(operation: AnyOperation, takes: Any, gives: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [_tag(operation)],
        "description": "For " + ", ".join(sorted(role.value for role in operation.roles)) + ".",
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": gives}}},
            **{
                str(status_of(kind)): {
                    "description": words,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
                for kind, words in sorted(_WORDS.items(), key=lambda item: status_of(item[0]))
            },
            "401": {
                "description": "No API key, or one that opens nothing.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    if isinstance(operation, Change):
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": takes}}}
    else:
        described["parameters"] = [
            {"name": name, "in": "query", "required": needed, "schema": part}
            for name, part, needed in codec.fields(operation)
        ]
    return described


def _tag(operation: AnyOperation) -> str:
    return operation.name.partition(".")[0]
