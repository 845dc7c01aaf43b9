"""What is known about statements: texts in any language, moderation, meta."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from hiwar.analysis.reading import values
from hiwar.analysis.reading.answers import folded
from hiwar.analysis.reading.tables import Table, fold, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.analysis.conversation import Identifier
    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.source import Source

_ROLES = {
    "statement": named(
        "statement", "statement-id", "comment-id", "tid", "id", "statement-number", "رأي", "الرأي",
        "رقم الرأي", "رقم",
    ),
    "moderated": named("moderated", "mod", "المراجعة"),
    "meta": named("meta", "is-meta"),
    "agrees": named("agrees"),
    "disagrees": named("disagrees"),
}  # fmt: skip
_TEXT = re.compile(
    r"(?:text|comment-body|txt|body|النص|نص|texte)(?:-([a-z]{2,3}(?:-[a-z0-9]{2,8})*))?"
)
_IGNORED = frozenset(
    {"timestamp", "datetime", "author-id", "passes", "importance", "created", "modified",
     "is-seed", "seed", "votes", "pass", "lang", "language", "tid"}
)  # fmt: skip
_MODERATED = {
    **dict.fromkeys(("accepted", "approved", "مقبول", "accepté"), 1),
    **dict.fromkeys(("rejected", "hidden", "مرفوض", "rejeté"), -1),
    **dict.fromkeys(("unmoderated", "pending", "unseen", "قيد المراجعة", "en attente"), 0),
}


@dataclass
class StatementRows:
    """One entry per statement listed, in the order of the file."""

    texts: dict[Identifier, dict[str, str]] = field(default_factory=dict)
    moderated: dict[Identifier, int] = field(default_factory=dict)
    meta: dict[Identifier, bool] = field(default_factory=dict)
    counts: dict[Identifier, tuple[int, int]] = field(default_factory=dict)
    line: dict[Identifier, int] = field(default_factory=dict)


def read(source: Source, known: Sequence[Identifier], problems: Problems) -> StatementRows:
    """Read a comments.csv export or a statements.csv of our own form."""
    table = Table(source, problems)
    text_at = _text_columns(table.header)
    titles = frozenset(fold(table.header[i]) for i in text_at.values())
    at = table.columns(_ROLES, frozenset({"statement"}), _IGNORED | titles)
    if not text_at:
        problems.add("missing_column", table.name, table.line, None, name="text")
    problems.stop_if_any()
    statement_rows = StatementRows()
    for line, fields in table.rows():
        cell = fields[at["statement"]]
        statement = values.key(cell, known)
        if not cell.strip():
            problems.add("empty_id", table.name, line, at["statement"] + 1, name="statement")
            continue
        if statement in statement_rows.line:
            problems.add(
                "duplicate_statement", table.name, line, at["statement"] + 1,
                id=cell, first=statement_rows.line[statement],
            )  # fmt: skip
            continue
        statement_rows.line[statement] = line
        statement_rows.texts[statement] = {
            lang: fields[i].strip() for lang, i in text_at.items() if fields[i].strip()
        }
        _judgement(statement_rows, statement, fields, at, (table.name, line, problems))
    return statement_rows


def _text_columns(header: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for i, title in enumerate(header):
        match = _TEXT.fullmatch(fold(title))
        if match and (match[1] or "") not in columns:
            columns[match[1] or ""] = i
    return columns


def _judgement(
    statement_rows: StatementRows,
    statement: Identifier,
    fields: list[str],
    at: dict[str, int],
    place: tuple[str, int, Problems],
) -> None:
    file, line, problems = place
    if "moderated" in at:
        cell = fields[at["moderated"]]
        status = values.integer(cell) if cell.strip() else 0
        if status is None:
            status = _moderated_words().get(folded(cell))
        if status not in {-1, 0, 1}:
            problems.add("bad_moderated", file, line, at["moderated"] + 1, value=cell)
        else:
            statement_rows.moderated[statement] = status
    if "meta" in at:
        cell = fields[at["meta"]]
        yes = values.flag(cell)
        if yes is None:
            problems.add("bad_flag", file, line, at["meta"] + 1, name="meta", value=cell)
        else:
            statement_rows.meta[statement] = yes
    if "agrees" in at and "disagrees" in at:
        agrees, disagrees = (values.integer(fields[at[c]]) for c in ("agrees", "disagrees"))
        if agrees is not None and disagrees is not None:
            statement_rows.counts[statement] = (agrees, disagrees)


@cache
def _moderated_words() -> dict[str, int]:
    return {folded(word): status for word, status in _MODERATED.items()}


def read_meta(source: Source, known: Sequence[Identifier], problems: Problems) -> list[Identifier]:
    """Read the identifiers of statements about the participant, one in each line."""
    table = Table(source, problems)
    at = table.columns(_ROLES, frozenset({"statement"}))
    problems.stop_if_any()
    return [values.key(fields[at["statement"]], known) for _, fields in table.rows()]
