"""The table in which a draft is discussed: article, text in force, draft, our proposal, reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from hiwar.common.tables import file_response, write_csv, write_xlsx
from hiwar.engine import law as engine
from hiwar.legislation.queries.amendment_table import TableRow, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from hiwar.legislation.models import Amendment, LawVersion

KINDS = ("csv", "xlsx", "docx")


def headings() -> dict[str, str]:
    """Return what the columns of the table are called, in their order."""
    return {
        "number": _("Proposal"), "eid": pgettext("provision", "Address"), "article": _("Article"),
        "in_force": _("Text in force"), "draft": pgettext("column", "Draft"),
        "proposal": _("Our proposal"), "reason": _("Reason"), "mark": _("Mark"),
    }  # fmt: skip


def comparison_file(
    version: LawVersion, in_force: LawVersion | None, amendments: Sequence[Amendment], kind: str,
    *, name: str, now: datetime,
) -> HttpResponse | None:  # fmt: skip
    """Return the table as CSV, XLSX or DOCX, in the language of the version; None for any other.

    A document bears tracked changes of ``name``: accepted it is what is proposed, rejected the
    draft. It has the articles alone for which something is proposed.
    """
    if kind not in KINDS:
        return None
    rows = table_of(version, in_force, amendments)
    with override(version.language):
        head = headings()
        title = _("Comparison table")
        file_name = f"proposals-{version.number}-{version.language}.{kind}"
        if kind == "docx":
            content = _document(version, rows, head, name, now, has_old=in_force is not None)
            return file_response(content, file_name)
        cells: list[list[object]] = [list(head.values())]
        cells += [[getattr(row, column) for column in head] for row in rows]
        if kind == "csv":
            return file_response(write_csv(cells), file_name)
        widths = (10, 14, 18, 40, 40, 40, 40, 10)
        return file_response(write_xlsx(cells, title=title, widths=widths), file_name)


def _document(
    version: LawVersion, rows: Sequence[TableRow], head: dict[str, str], name: str, now: datetime,
    *, has_old: bool,
) -> bytes:  # fmt: skip
    columns = [name for name in ("article", "in_force", "proposal", "reason")
               if has_old or name != "in_force"]  # fmt: skip
    words = {**head, "proposal": f"{head['draft']} / {head['proposal']}"}
    widths = {"article": 2, "in_force": 5, "proposal": 6, "reason": 4}
    lines = [[(words[column], words[column]) for column in columns]]
    for row in rows:
        if not row.number:
            continue
        texts = {
            "article": (row.article,) * 2, "in_force": (row.in_force,) * 2,
            "proposal": (row.draft, row.proposal), "reason": (row.reason,) * 2,
        }  # fmt: skip
        lines.append([texts[column] for column in columns])
    title = [version.law.title.in_language(version.language)]
    return engine.to_docx_table(
        title, [widths[column] for column in columns], lines,
        engine.Signature(name, f"{now:%Y-%m-%dT%H:%M:%SZ}"), direction=version.direction,
    )  # fmt: skip
