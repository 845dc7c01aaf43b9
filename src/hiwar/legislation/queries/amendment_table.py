"""The table of proposals as it goes out, and what an edited one would change when it comes back."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from hiwar.common.imports import Change, Plan, Problem, ShownRow
from hiwar.common.imports.plans import CHANGED, KNOWN, NEW, left_columns
from hiwar.legislation.models import Amendment, LawVersion
from hiwar.legislation.queries.asked import asked_text, printed_number, said_in
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.common.imports import Source
    from hiwar.engine import law as engine

TABLE = "table"
SHOWN = 20
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("proposal", "المقترح", "رقم المقترح"),
    "eid": ("address", "عنوان الحكم"),
    "article": ("article", "المادة"),
    "in_force": ("text in force", "النص الساري"),
    "draft": ("draft", "المشروع", "نص المشروع"),
    "proposal": ("our proposal", "مقترحنا", "النص المقترح"),
    "reason": ("reason", "السبب", "التعليل", "الأسباب الموجبة"),
    "mark": ("mark", "العلامة"),
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the table. ``number`` is that of the proposal, 0 where an article has none.

    ``mark`` tells what the proposal was when the table was made, so that a table that comes back
    takes nothing away that was written meanwhile.
    """

    number: int | str
    eid: str
    article: str
    in_force: str
    draft: str
    proposal: str
    reason: str
    mark: str


def mark_of(amendment: Amendment, language: str) -> str:
    """Return what tells whether an amendment is still as a table has it."""
    parts = (amendment.kind, amendment.eid, *(
        said_in(text, language) for text in (amendment.words, amendment.text, amendment.reason)
    ))  # fmt: skip
    return sha256("\0".join(parts).encode()).hexdigest()[:8]


def _name(provision: engine.Provision | None) -> str:
    if provision is None:
        return ""
    return " · ".join(filter(None, (provision.label, provision.heading)))


def table_of(
    version: LawVersion, in_force: LawVersion | None, amendments: Sequence[Amendment]
) -> list[TableRow]:
    """Return the lines of the table: every article in order, with each proposal for it.

    Withdrawn proposals are left out, and so are those without a text in this language.
    """
    text = text_of(version)
    old = text_of(in_force) if in_force else None
    by_article: dict[str, list[tuple[Amendment, str, str]]] = {}
    for amendment in amendments:
        asked = asked_text(amendment, text)
        if asked is not None and amendment.state != Amendment.State.WITHDRAWN:
            by_article.setdefault(_article(text, amendment.eid), []).append(
                (amendment, asked.eid, asked.new)
            )
    rows = []
    for article in text.articles():
        before = old.provision(article.eid) if old else None
        was = before.full_text() if before else ""
        for amendment, eid, new in by_article.get(article.eid, ()):
            provision = text.provision(eid)
            name = _name(provision) or printed_number(eid, version.language)
            if provision is not None and provision.eid != article.eid:
                name = f"{article.label} › {name}"
            rows.append(
                TableRow(
                    amendment.number,
                    eid,
                    name,
                    was,
                    provision.full_text() if provision else "",
                    new,
                    said_in(amendment.reason, version.language),
                    mark_of(amendment, version.language),
                )
            )
        if article.eid not in by_article:
            rows.append(
                TableRow("", article.eid, _name(article), was, article.full_text(), "", "", "")
            )
    return rows


def _article(text: engine.Law, eid: str) -> str:
    """Return the address of the article that a provision stands in."""
    for article in text.articles():
        if eid == article.eid or eid.startswith(f"{article.eid}__"):
            return article.eid
    return eid


def lacks_columns(mapping: Mapping[str, str]) -> bool:
    """Return whether a table has no column for proposals, or none that says which."""
    there = set(mapping.values())
    return "proposal" not in there or not there & {"number", "eid"}


def plan_table(source: Source) -> Plan:
    """Return what a table that comes back would change.

    Its data are rows of plain values: ``number`` (None for a new proposal), ``eid``, and the texts
    ``proposal`` and ``reason`` as they are to be; None where they stay.
    """
    taking = source.files[TABLE]
    version = LawVersion.objects.select_related("law").get(pk=str(source.run.subject))
    text = text_of(version)
    there = {
        amendment.number: amendment
        for amendment in Amendment.objects.filter(
            law=version.law_id, version__number=version.number
        ).select_related("version").prefetch_related("notes")
    }  # fmt: skip
    plan = Plan(not_taken=left_columns(taking.header, taking.rows, taking.mapping), data=[])
    counts = {"changed": 0, "new": 0, "same": 0}
    assert isinstance(plan.data, list)  # noqa: S101 - as made above
    seen: set[int] = set()
    for line, cells in taking.rows:
        values = {
            name: cells[int(at)].replace("\r\n", "\n").strip()
            for at, name in taking.mapping.items() if name and int(at) < len(cells)
        }  # fmt: skip
        number = _number(values.get("number", ""))
        if number is None:
            _plan_new(plan, line, values, text, counts)
            continue
        amendment = there.get(number)
        if amendment is None or number in seen:
            code = "unknown_number" if amendment is None else "twice"
            plan.problems.append(Problem(code, line, value=str(number), leaves_out=True))
            continue
        seen.add(number)
        _plan_change(plan, line, values, amendment, text, counts=counts)
    plan.counts = counts
    return plan


def _number(written: str) -> int | None:
    digits = written.translate(DIGITS).removesuffix(".0")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else None


def _plan_new(
    plan: Plan, line: int, values: Mapping[str, str], text: engine.Law, counts: dict[str, int]
) -> None:
    proposal, eid = values.get("proposal", ""), values.get("eid", "")
    if not proposal:
        return
    provision = text.provision(eid)
    if provision is None:
        plan.problems.append(Problem("unknown_address", line, value=eid[:80], leaves_out=True))
        return
    if proposal == provision.full_text():
        return
    reason = values.get("reason", "")
    if not reason:
        plan.problems.append(Problem("no_reason", line, value=eid, leaves_out=True))
        return
    counts["new"] += 1
    plan.data.append(  # type: ignore[attr-defined]  # a list, as plan_table makes it
        {"number": None, "eid": eid, "proposal": proposal, "reason": reason}
    )
    plan.rows.append(ShownRow(line, NEW, ("", _name(provision), proposal[:300], reason[:300])))


def _plan_change(
    plan: Plan, line: int, values: Mapping[str, str], amendment: Amendment, text: engine.Law,
    *, counts: dict[str, int],
) -> None:  # fmt: skip
    asked = asked_text(amendment, text)
    now = {
        "proposal": asked.new if asked else "",
        "reason": said_in(amendment.reason, text.language),
    }
    provision = text.provision(asked.eid if asked else amendment.eid)
    draft = values.get("draft")
    if draft is not None and provision is not None and draft != provision.full_text():
        plan.problems.append(
            Problem("draft_changed", line, value=str(amendment.number), is_notice=True)
        )
    wished: dict[str, Any] = {
        name: values[name] for name, value in now.items()
        if values.get(name) and values[name] != value
    }  # fmt: skip
    if any(name in values and not values[name] and value for name, value in now.items()):
        plan.problems.append(Problem("emptied", line, value=str(amendment.number), is_notice=True))
    cells = (str(amendment.number), _name(provision), now["proposal"][:300], now["reason"][:300])
    if not wished:
        counts["same"] += 1
        if len(plan.rows) < SHOWN:
            plan.rows.append(ShownRow(line, KNOWN, cells))
        return
    code = ""
    if amendment.state != Amendment.State.DRAFT:
        code = "not_a_draft"
    elif values.get("mark") and values["mark"] != mark_of(amendment, text.language):
        code = "changed_meanwhile"
    if code:
        plan.problems.append(Problem(code, line, value=str(amendment.number), leaves_out=True))
        return
    counts["changed"] += 1
    plan.data.append({  # type: ignore[attr-defined]  # as above
        "number": amendment.number, "eid": amendment.eid,
        "proposal": wished.get("proposal"), "reason": wished.get("reason"),
    })  # fmt: skip
    changes = tuple(Change(name, now[name], value) for name, value in wished.items())
    plan.changed.append(ShownRow(line, CHANGED, cells, changes=changes))
