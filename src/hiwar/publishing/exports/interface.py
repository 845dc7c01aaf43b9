"""The description of the read interface as OpenAPI 3.1, made of the columns that rooms declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from hiwar.common.tables.lending import Holds, public_tables
from hiwar.dialogues.queries.method import LICENCE, LICENCE_URL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.common.tables.lending import PublicTable

    Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
ADDRESS: Shape = {"type": "string", "format": "uri"}
INSTANT: Shape = {"type": ["string", "null"], "format": "date-time"}
TEXTS: Shape = {"type": "object", "additionalProperties": {"type": "string"}}
SHAPES: dict[Holds, Shape] = {
    Holds.TEXT: {"type": ["string", "integer", "null"]},
    # An object by language; the text alone where one language was asked for.
    Holds.TEXTS: {
        "type": ["object", "string", "null"], "additionalProperties": {"type": "string"},
    },
    Holds.INTEGER: {"type": ["integer", "null"]},
    Holds.BOOLEAN: {"type": ["boolean", "null"]},
    Holds.DAY: {"type": ["string", "null"], "format": "date"},
    Holds.INSTANT: INSTANT,
    Holds.ADDRESS: {"type": ["string", "null"], "format": "uri"},
}  # fmt: skip
ROWS = "/api/v1/tables/{table}"


def description() -> dict[str, Any]:
    """Return the description as this installation serves it: one address for each table."""
    paths: dict[str, Any] = {reverse("public_publishing:interface"): _index()}
    for table in public_tables():
        path = reverse("public_publishing:interface_rows", args=[table.code])
        paths[path] = _rows(_row_shape(table), f"rows_{table.code}", str(table.code), ())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hiwar: open data", "version": "1",
            "summary": "What is published, as tables, for everybody; nothing is written here.",
            "license": {"name": LICENCE, "url": LICENCE_URL},
        },
        "servers": [{"url": settings.PUBLIC_ORIGIN}],
        "paths": paths,
    }  # fmt: skip


def read_paths() -> dict[str, Any]:
    """Return the description for the handbook: any table, rows of any columns."""
    codes = [table.code for table in public_tables()]
    row = {"type": "object", "required": ["id"], "properties": {"id": {}}}
    parameter = {
        "name": "table", "in": "path", "required": True, "description": "The code of the table.",
        "schema": {"type": "string", "enum": codes},
    }  # fmt: skip
    return {"/api/v1/": _index(), ROWS: _rows(row, "readRows", "a table", [parameter])}


def _index() -> dict[str, Any]:
    column = _object(
        name=TEXT, holds={"type": "string", "enum": [each.value for each in Holds]}, meaning=TEXTS
    )
    table = _object(
        table=TEXT, title=TEXTS, meaning=TEXTS, columns={"type": "array", "items": column},
        count={"type": ["integer", "null"]}, modified=INSTANT, rows=ADDRESS, csv=ADDRESS,
        json=ADDRESS,
    )  # fmt: skip
    shape = _object(
        licence=ADDRESS, languages={"type": "array", "items": TEXT}, description=ADDRESS,
        tables={"type": "array", "items": table},
    )  # fmt: skip
    return {
        "get": {
            "operationId": "listTables",
            "summary": "The tables with what they mean, their columns, files and rows.",
            "responses": _answers(shape, ()),
        }
    }


def _rows(row: Shape, name: str, what: str, more: Iterable[Shape]) -> dict[str, Any]:
    shape = _object(
        table=TEXT, licence=ADDRESS, fingerprint={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        modified=INSTANT, count={"type": "integer", "minimum": 0},
        rows={"type": "array", "maxItems": 500, "items": row},
        next={"type": ["string", "null"], "format": "uri"},
    )  # fmt: skip
    parameters = [
        *more,
        {"name": "limit", "in": "query", "description": "How many rows, 100 where it is not said.",
         "schema": {"type": "integer", "minimum": 1, "maximum": 500}},
        {"name": "after", "in": "query",
         "description": "The key of the last row that is known; those behind it follow. `next` "
                        "has it.",
         "schema": {"type": "string", "minLength": 1}},
        {"name": "language", "in": "query",
         "description": "Texts in one language, empty where they have none in it; without it, in "
                        "every language.",
         "schema": {"type": "string", "enum": [code for code, _name in settings.LANGUAGES]}},
    ]  # fmt: skip
    return {
        "get": {
            "operationId": name.replace("-", "_"), "summary": f"The rows of {what}.",
            "parameters": parameters, "responses": _answers(shape, ("400", "404")),
        }
    }  # fmt: skip


def _answers(shape: Shape, refused: Iterable[str]) -> dict[str, Any]:
    words = {
        "400": "A parameter is none, or has a value that it cannot have.",
        "404": "There is no such table, or no such row any more: begin anew.",
        "429": "Too many requests came from this network within the hour.",
    }
    refusal = {"application/json": {"schema": _object(code=TEXT)}}
    answers: dict[str, Any] = {
        "200": {
            "description": "What was asked for.",
            "headers": {"ETag": {"description": "Send it with If-None-Match.", "schema": TEXT}},
            "content": {"application/json": {"schema": shape}},
        },
        "304": {"description": "It is what the sender has already."},
    }
    answers |= {
        status: {"description": words[status], "content": refusal} for status in (*refused, "429")
    }
    return answers


def _row_shape(table: PublicTable) -> Shape:
    shape = _object(**{column.name: SHAPES[column.holds] for column in table.columns})
    for column in table.columns:
        shape["properties"][column.name] = SHAPES[column.holds] | {
            "description": str(column.meaning)
        }
    return shape


def _object(**properties: Shape) -> Shape:
    return {"type": "object", "required": list(properties), "properties": properties}
