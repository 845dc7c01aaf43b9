"""The comments of a consultation as a table, without addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.common.tables import file_response, write_csv, write_xlsx
from hiwar.legislation.queries.consultations import articles_to_comment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from hiwar.legislation.models import Comment, Consultation
    from hiwar.legislation.queries.consultations import Letters


def comments_table(
    consultation: Consultation, comments: Sequence[Comment], letters: Letters, kind: str
) -> HttpResponse:
    """Return all comments as CSV or XLSX (``kind``), each with the letter it belongs to."""
    names = dict(articles_to_comment(consultation.version))
    numbers = {comment.pk: comment.number for comment in comments}
    head = [
        _("Number"), _("Reference"), _("Received on"), pgettext("comment", "Channel"),
        _("Article"), _("Comment"), _("Who comments"), _("Kind"), _("Stance"),
        _("Letter"), _("Senders"), _("What becomes of it"), _("Reason"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            comment.number, comment.reference, comment.received_on, comment.get_channel_display(),
            names.get(comment.eid, ""), comment.shown, comment.get_submitter_display(),
            comment.get_kind_display(), comment.get_stance_display(),
            numbers[letters.leaders[comment.pk]],
            len(letters.members[letters.leaders[comment.pk]]),
            comment.get_disposition_display(), comment.disposition_reason,
        ]
        for comment in comments
    ]  # fmt: skip
    table: list[list[object]] = [list(head), *rows]
    if kind == "xlsx":
        widths = (8, 12, 12, 10, 24, 60, 16, 12, 12, 8, 8, 16, 40)
        return file_response(write_xlsx(table, title=_("Comments"), widths=widths), "comments.xlsx")
    return file_response(write_csv(table), "comments.csv")
