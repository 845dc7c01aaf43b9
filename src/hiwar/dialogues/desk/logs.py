"""The log of review as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from hiwar.accounts.access import me, needs
from hiwar.dialogues import rules
from hiwar.dialogues.actions.logs import export_log
from hiwar.dialogues.desk.pages import dialogue_or_404
from hiwar.dialogues.exports.files import decisions_csv


@needs(rules.can_moderate_statement)
@require_safe
def log_file(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out every decision, the newest first; it holds words that were turned away."""
    dialogue = dialogue_or_404(code)
    rows = export_log(actor=me(request), dialogue=dialogue, now=timezone.now())
    response = HttpResponse(decisions_csv(rows), content_type="text/csv; charset=utf-8")
    name = f"{dialogue.code}-review.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(response)
    return response
