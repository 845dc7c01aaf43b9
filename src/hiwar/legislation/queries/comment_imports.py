"""What a list of comments would do: each row a comment, with what of it cannot be read."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiwar.common.dates import local_day
from hiwar.common.imports import Plan, Problem, ShownRow
from hiwar.common.imports.plans import NEW, left_columns
from hiwar.common.scripts import language_of_text
from hiwar.common.vocabularies.lists import words_in
from hiwar.engine.law.folding import fold
from hiwar.legislation.models import Comment, Consultation
from hiwar.legislation.queries.consultations import articles_to_comment
from hiwar.legislation.queries.public import article_eid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.common.imports import Source
    from hiwar.common.models import ImportRun

COMMENTS = "comments"
COLUMNS = Path(__file__).parents[1] / "comment_columns.json"
SHOWN = 20
_DAY = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day_first>\d{1,2})[/.-](?P<month_second>\d{1,2})[/.-](?P<year_last>\d{4}))"
    r"(?: [\d:.]+)?"
)
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def heading_words() -> Mapping[str, Sequence[str]]:
    """Return what the columns of a list may be called."""
    headings: dict[str, list[str]] = words_in(COLUMNS)["headings"]
    return headings


@cache
def _value_words() -> dict[str, dict[str, str]]:
    return {
        field: {
            str(fold(word.casefold())): code for code, words in values.items() for word in words
        }
        for field, values in words_in(COLUMNS)["values"].items()
    }


def lacks_columns(run: ImportRun) -> bool:
    """Return whether a list has no column for the comments themselves."""
    choices = run.choices.get(COMMENTS)
    return choices is not None and "text" not in choices["mapping"].values()


def plan_comments(source: Source) -> Plan:
    """Return what a list of comments would do; its data are rows as plain values by field."""
    taking = source.files[COMMENTS]
    consultation = Consultation.objects.select_related("version").get(pk=str(source.run.subject))
    articles = dict(articles_to_comment(consultation.version))
    there = set(
        Comment.objects.filter(consultation=consultation).exclude(reference="")
        .values_list("reference", flat=True)
    )  # fmt: skip
    today = local_day(source.now)
    rows: list[dict[str, Any]] = []
    shown: list[ShownRow] = []
    problems: list[Problem] = []
    for line, cells in taking.rows:
        values = {
            name: cells[int(at)].strip()
            for at, name in taking.mapping.items() if name and int(at) < len(cells)
        }  # fmt: skip
        row = _read(line, values, articles, problems, today)
        if row is None:
            continue
        reference = row["reference"]
        if reference and reference in there:
            problems.append(Problem("there", line, value=reference, leaves_out=True))
            continue
        there.add(reference)
        rows.append(row)
        if len(shown) < SHOWN:
            cells_shown = (reference, articles.get(row["eid"], ""), row["text"][:200])
            shown.append(ShownRow(line, NEW, cells_shown))
    return Plan(
        rows=shown, problems=problems,
        not_taken=left_columns(taking.header, taking.rows, taking.mapping),
        counts={"comments": len(rows)}, data=rows,
    )  # fmt: skip


def _read(
    line: int, values: Mapping[str, str], articles: Mapping[str, str], problems: list[Problem],
    today: date,
) -> dict[str, Any] | None:  # fmt: skip
    def problem(code: str, column: str, *, out: bool) -> None:
        problems.append(
            Problem(code, line, column=column, value=values.get(column, "")[:80], leaves_out=out)
        )

    text = values.get("text", "")
    if not text:
        problem("text_missing", "text", out=True)
        return None
    day = _day(values.get("date", ""))
    if day is None or day > today:
        problem("date_unreadable" if day is None else "date_to_come", "date", out=True)
        return None
    number = values.get("article", "").translate(DIGITS)
    eid = article_eid(number) if number else ""
    if eid and eid not in articles:
        problem("article_unknown", "article", out=True)
        return None
    row: dict[str, Any] = {
        "text": text, "received_on": day, "eid": eid,
        "reference": values.get("reference", "")[:40], "name": values.get("name", "")[:120],
        "organisation": values.get("organisation", "")[:200],
        "language": language_of_text(text),
    }  # fmt: skip
    for field, otherwise in (
        ("kind", ""), ("stance", ""), ("submitter", Comment.Submitter.OTHER),
        ("channel", Comment.Channel.PAPER),
    ):  # fmt: skip
        written = values.get(field, "")
        code = _value_words()[field].get(str(fold(written.casefold())), "")
        if written and not code:
            problem(f"{field}_unknown", field, out=False)
        row[field] = code or otherwise
    return row


def _day(text: str) -> date | None:
    """Return the day that a cell names, year first or day first; None for anything else."""
    parts = _DAY.fullmatch(text.translate(DIGITS))
    if parts is None:
        return None
    year, month, day = parts["year"], parts["month"], parts["day"]
    if year is None:
        day, month, year = parts["day_first"], parts["month_second"], parts["year_last"]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
