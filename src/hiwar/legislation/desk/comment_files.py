"""The files of a comment at the desk: added, opened on record, destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, part_or_404
from hiwar.common.files.pages import attachment
from hiwar.common.files.uploads import sent
from hiwar.legislation import rules
from hiwar.legislation.actions import comment_files as act
from hiwar.legislation.desk.consultations import comment_or_404, consultation_or_404
from hiwar.legislation.forms.consultations import AddedFileForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Comment, CommentFile


def _at(comment: Comment) -> str:
    return reverse("legislation:comment", args=[comment.consultation_id, comment.number])


def _file_or_404(comment: Comment, key: str) -> CommentFile:
    row = part_or_404(comment.files.select_related("file"), key)
    row.comment = comment
    return row


@needs(rules.can_edit_laws)
@require_POST
def add(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Keep a file that came with a comment."""
    comment = comment_or_404(consultation_or_404(request, key), number)
    form = AddedFileForm(*sent(request))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["file"]))
    else:
        attempt(
            request,
            lambda: act.add_comment_file(
                actor=me(request), comment=comment, sent=form.cleaned_data["file"],
                now=timezone.now(),
            ),
            _("The file is kept with the comment."),
        )  # fmt: skip
    return redirect(_at(comment))


@needs(rules.can_edit_laws)
@require_POST
def take(request: HttpRequest, key: str, number: str, file: str) -> HttpResponse:
    """Give a file to be saved, and record who opened it."""
    comment = comment_or_404(consultation_or_404(request, key), number)
    row = _file_or_404(comment, file)
    opened = act.open_comment_file(actor=me(request), row=row, now=timezone.now())
    return attachment(reader=me(request), file=opened)


@needs(rules.can_edit_laws)
@require_POST
def erase(request: HttpRequest, key: str, number: str, file: str) -> HttpResponse:
    """Destroy a file of a comment."""
    comment = comment_or_404(consultation_or_404(request, key), number)
    row = _file_or_404(comment, file)
    attempt(
        request,
        lambda: act.erase_comment_file(actor=me(request), row=row, now=timezone.now()),
        _("The file is destroyed."),
    )
    return redirect(_at(comment))
