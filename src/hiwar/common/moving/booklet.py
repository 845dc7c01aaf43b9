"""The pages of an export, which any browser shows without Hiwar, and its tables as CSV."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from hiwar.common.dates import instant
from hiwar.common.multilingual import MultilingualField, MultilingualText, installation_languages
from hiwar.common.tables.writing import MARK, csv_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hiwar.common.moving.packing import Counted
    from hiwar.common.moving.parts import Part

    Rows = Callable[[], Iterator[list[Any]]]

SHOWN_ROWS, SHOWN_LETTERS, SHORT = 1000, 400, 8
STATIC = Path(__file__).parents[1] / "static/common"
LOOK = ("hiwar.css", "desk.css", "pattern.svg", "band.svg", "mark.svg")
NAMES = ("name", "title", "shown_name", "subject", "headline", "label", "question", "text", "code")


class Booklet:
    """Writes what people read of an export; table after table, then the covers."""

    def __init__(
        self, sink: Counted, parts: list[Part], words: dict[str, Any], manifest: dict[str, Any]
    ) -> None:
        self.sink, self.words, self.manifest = sink, words, manifest
        self.parts = {part.table.name: part for part in parts}
        self.names: dict[str, dict[str, Any]] = {}

    def learn_names(self, part: Part, rows: Rows) -> None:
        """Remember what the first rows of a table are called, so that links to them say it."""
        columns = part.table.columns
        at = next((columns.index(name) for name in NAMES if name in columns), None)
        if at is None or at in part.secret:
            return
        known: dict[str, Any] = {}
        for row in rows():
            if len(known) >= SHOWN_ROWS:
                break
            known[row[part.key]] = row[at]
        self.names[part.table.name] = known

    def write_table(self, part: Part, rows: Rows) -> None:
        """Write a table as CSV, its open bytes as files, and its page in each language."""
        name = part.table.name
        with self.sink.opened(f"tables/{name}.csv") as stream:
            stream.write(MARK.encode())
            stream.write(csv_line(self._heads(part)))
            for row in rows():
                stream.write(csv_line(self._cells(part, row)))
        for at in part.shown:
            if suffix := part.suffix(at):
                column = part.table.columns[at]
                for row in rows():
                    if row[at]:
                        path = f"files/{name}/{row[part.key]}-{column}{suffix}"
                        self.sink.add(path, base64.b64decode(row[at]))
        for language in installation_languages():
            with translation.override(language):
                self.sink.add(f"pages/{language}/{name}.html", self._page(part, rows, language))

    def write_covers(self) -> None:
        """Write the first page in each language, the look of all pages, and the dictionary."""
        for position, language in enumerate(installation_languages()):
            with translation.override(language):
                name = "index.html" if position == 0 else f"index.{language}.html"
                self.sink.add(name, self._cover(language))
        heads = ["table", "column", "kind", "links_to", "sealed", *installation_languages()]
        rows = [
            [table, column["column"], column["kind"].get("en", ""), column["links_to"],
             column["is_sealed"] or noun["is_sealed"],
             *(column["words"][language] for language in installation_languages())]
            for table, noun in self.words.items()
            for column in noun["columns"]
        ]  # fmt: skip
        lines = [csv_line(row) for row in [heads, *rows]]
        self.sink.add("dictionary.csv", MARK.encode() + b"".join(lines))
        for name in LOOK:
            self.sink.copy(f"look/{name}", STATIC / name)
        for path in sorted((STATIC / "fonts").glob("hiwar-*.woff2")):
            self.sink.copy(f"look/fonts/{path.name}", path)

    def _heads(self, part: Part) -> list[str]:
        heads: list[str] = []
        for at in part.shown:
            column = part.table.columns[at]
            if isinstance(part.table.fields[at], MultilingualField):
                heads += [f"{column}.{language}" for language in installation_languages()]
            else:
                heads.append(column)
        return heads

    def _cells(self, part: Part, row: list[Any]) -> list[object]:
        cells: list[object] = []
        for at in part.shown:
            value = row[at]
            if isinstance(part.table.fields[at], MultilingualField):
                texts = value or {}
                cells += [texts.get(language) for language in installation_languages()]
            elif suffix := part.suffix(at):
                path = f"files/{part.table.name}/{row[part.key]}-{part.table.columns[at]}{suffix}"
                cells.append(path if value else "")
            elif isinstance(value, dict | list):
                cells.append(json.dumps(value, ensure_ascii=False))
            else:
                cells.append(value)
        return cells

    def _page(self, part: Part, rows: Rows, language: str) -> bytes:
        noun = self.words[part.table.name]
        held, count = [], 0
        for row in rows():
            count += 1
            if count <= SHOWN_ROWS:
                held.append(row)
        filled = _in_reading_order(part, held)
        heads = [noun["columns"][at]["words"][language] for at in filled]
        lines = [
            (
                row[part.key],
                [
                    (head, self._shown(part, at, row, language))
                    for head, at in zip(heads, filled, strict=True)
                ],
            )
            for row in held
        ]
        context = {
            "noun": noun,
            "title": noun["words"][language],
            "name": part.table.name,
            "columns": [_in(noun["columns"][at], language) for at in part.shown],
            "sealed": [_in(noun["columns"][at], language) for at in part.secret],
            "heads": heads,
            "lines": lines,
            "count": count,
            "is_cut": count > SHOWN_ROWS,
            "cover": "index.html" if language == installation_languages()[0]
            else f"index.{language}.html",
            "depth": "../../",
        }  # fmt: skip
        return render_to_string("common/moving/table.html", context).encode()

    def _shown(self, part: Part, at: int, row: list[Any], language: str) -> Any:
        value, field = row[at], part.table.fields[at]
        if value is None or value == "":
            shown: Any = ""
        elif isinstance(field, MultilingualField):
            shown = _cut(MultilingualText(value).in_language(language))
        elif field.related_model is not None:
            shown = self._link(field.related_model._meta.db_table, value, language)
        elif part.suffix(at):
            path = f"files/{part.table.name}/{row[part.key]}-{part.table.columns[at]}"
            shown = format_html('<a href="../../{}{}">{}</a>', path, part.suffix(at), path[-12:])
        elif part.table.name == "common_storedfile" and part.table.columns[at] == "name":
            path = self.manifest["files"].get(row[part.key])
            shown = format_html('<a href="../../{}">{}</a>', path, value) if path else value
        elif field.flatchoices:
            shown = str(dict(field.flatchoices).get(value, value))
        elif at == part.key:
            shown = str(value)[:SHORT]
        elif isinstance(value, bool):
            shown = _("yes") if value else _("no")
        elif part.table.kinds[at] == "DateTimeField":
            shown = instant(datetime.fromisoformat(value))
        elif isinstance(value, dict | list):
            shown = _cut(json.dumps(value, ensure_ascii=False))
        else:
            shown = _cut(str(value))
        return shown

    def _link(self, table: str, key: Any, language: str) -> Any:
        name = self.names.get(table, {}).get(key)
        if name is None:
            return str(key)[:SHORT]
        text = MultilingualText(name).in_language(language) if isinstance(name, dict) else str(name)
        return format_html(
            '<a href="{}.html#r{}">{}</a>', table, key, _cut(text) or str(key)[:SHORT]
        )

    def _cover(self, language: str) -> bytes:
        rooms: dict[str, list[dict[str, Any]]] = {}
        for name, (count, _checksum) in self.manifest["tables"].items():
            part = self.parts[name]
            line = {
                "page": f"pages/{language}/{name}.html",
                "table": f"tables/{name}",
                "words": self.words[name]["words"][language],
                "count": count,
            }
            if not part.model._meta.auto_created:
                rooms.setdefault(part.model._meta.app_label, []).append(line)
        sealed = [
            (self.words[name]["words"][language], self.parts[name].why)
            for name in self.manifest["sealed_tables"]
            if not self.parts[name].model._meta.auto_created
        ]
        names = dict(settings.LANGUAGES)
        context = {
            "rooms": rooms,
            "sealed": sealed,
            "manifest": self.manifest,
            "rows": sum(count for count, _checksum in self.manifest["tables"].values()),
            "language": language,
            "others": [
                ("index.html" if at == 0 else f"index.{code}.html", code, names[code])
                for at, code in enumerate(installation_languages())
                if code != language
            ],
            "depth": "",
        }
        return render_to_string("common/moving/cover.html", context).encode()


def _in_reading_order(part: Part, rows: list[list[Any]]) -> list[int]:
    """Return the columns that hold anything, the name first and the key last."""
    columns = part.table.columns
    named = next((columns.index(name) for name in NAMES if name in columns), part.key)
    empty: tuple[Any, ...] = (None, "", [], {})
    filled = [at for at in part.shown if any(row[at] not in empty for row in rows)]
    return sorted(filled, key=lambda at: (at == part.key, at != named, at))


def _in(column: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **column,
        "words": column["words"][language],
        "kind": column["kind"][language],
        "choices": [(value, labels[language]) for value, labels in column["choices"].items()],
    }


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…"
