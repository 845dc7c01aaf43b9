"""A public table as files: CSV, what its columns mean (CSV on the Web), and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from hiwar.common.tables import write_csv
from hiwar.common.tables.lending import Holds, fingerprint_of, plain_rows
from hiwar.dialogues.queries.method import LICENCE_URL
from hiwar.publishing.actions.open_data import TableFiles
from hiwar.publishing.exports.feeds import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from hiwar.common.tables.lending import Column, Json, PublicTable

MIMES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# Of the words of XML Schema, by which CSV on the Web and others name what a cell holds.
DATATYPES = {
    Holds.TEXT: "string", Holds.TEXTS: "string", Holds.INTEGER: "integer",
    Holds.BOOLEAN: "boolean", Holds.DAY: "date", Holds.INSTANT: "dateTime",
    Holds.ADDRESS: "anyURI",
}  # fmt: skip


def in_every_language(words: str | _StrPromise) -> dict[str, str]:
    """Return a sentence of the interface in each language of the installation."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(words)
    return texts


def file_address(code: str, kind: str) -> str:
    """Return the whole address of a table as a file; ``kind`` is ``csv`` or ``json``."""
    return absolute(reverse("public_publishing:table_file", args=[code, kind]))


def spread(columns: Sequence[Column]) -> Iterator[tuple[Column, str]]:
    """Yield the columns of a CSV, each with its language: a text has one column in each.

    The language is empty where the column has none.
    """
    for column in columns:
        if column.holds == Holds.TEXTS:
            yield from ((column, code) for code, _name in settings.LANGUAGES)
        else:
            yield column, ""


def name_in_csv(column: Column, language: str) -> str:
    """Return the heading of a column in CSV, such as ``title_en``."""
    return f"{column.name}_{language}" if language else column.name


def csv_of(table: PublicTable, rows: Sequence[Sequence[Json]]) -> bytes:
    """Return a table as CSV: an empty cell is what is not known or hidden."""
    heads = list(spread(table.columns))
    places = {column.name: at for at, column in enumerate(table.columns)}

    def cell(row: Sequence[Json], column: Column, language: str) -> object:
        value = row[places[column.name]]
        if isinstance(value, dict):
            return value.get(language)
        return ("true" if value else "false") if isinstance(value, bool) else value

    lines: list[list[object]] = [[name_in_csv(*head) for head in heads]]
    lines += [[cell(row, *head) for head in heads] for row in rows]
    return write_csv(lines)


def json_of(table: PublicTable, rows: Sequence[Sequence[Json]]) -> bytes:
    """Return a table as JSON: what it means, its columns, and each row as an object."""
    names = [column.name for column in table.columns]
    document = {
        "table": table.code,
        "title": in_every_language(table.title),
        "meaning": in_every_language(table.meaning),
        "licence": LICENCE_URL,
        "fingerprint": fingerprint_of(table, rows),
        "columns": columns_of(table),
        "rows": [dict(zip(names, row, strict=True)) for row in rows],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def files_of(table: PublicTable, now: datetime) -> TableFiles:
    """Return a table as it is now, with its files."""
    rows = plain_rows(table, now)
    return TableFiles(
        table.code, fingerprint_of(table, rows), len(rows), csv_of(table, rows),
        json_of(table, rows),
    )  # fmt: skip


def columns_of(table: PublicTable) -> list[dict[str, Any]]:
    """Return the columns of a table in words: name, what it holds, what it means."""
    return [
        {"name": column.name, "holds": column.holds.value,
         "meaning": in_every_language(column.meaning)}
        for column in table.columns
    ]  # fmt: skip


def csv_metadata(table: PublicTable) -> dict[str, Any]:
    """Return what the columns of the CSV mean, in the words of CSV on the Web (W3C)."""
    columns = [
        {"name": name_in_csv(column, language), "titles": name_in_csv(column, language),
         "dc:description": [
             {"@value": words, "@language": code}
             for code, words in in_every_language(column.meaning).items()
         ],
         "datatype": DATATYPES[column.holds], "required": at == 0,
         **({"lang": language} if language else {})}
        for at, (column, language) in enumerate(spread(table.columns))
    ]  # fmt: skip
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": file_address(table.code, "csv"),
        "dc:title": [
            {"@value": words, "@language": code}
            for code, words in in_every_language(table.title).items()
        ],
        "dc:license": {"@id": LICENCE_URL},
        "tableSchema": {"columns": columns, "primaryKey": table.columns[0].name},
    }
