"""The log of review as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from hiwar.accounts.access import me, needs
from hiwar.common.tables import file_response
from hiwar.dialogues import rules
from hiwar.dialogues.actions.logs import export_log
from hiwar.dialogues.desk.pages import dialogue_or_404
from hiwar.dialogues.exports.files import decisions_csv

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_moderate_statement)
@require_safe
def log_file(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out every decision, the newest first; it holds words that were turned away."""
    dialogue = dialogue_or_404(code)
    rows = export_log(actor=me(request), dialogue=dialogue, now=timezone.now())
    response = file_response(decisions_csv(rows), f"{dialogue.code}-review.csv")
    add_never_cache_headers(response)
    return response
