"""By what everybody knows that a file is ours: the key, the signed lists, how to check."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hiwar.accounts.queries import the_institution
from hiwar.dialogues.actions.publications import public_log_key
from hiwar.dialogues.exports.authenticity import signed_results
from hiwar.dialogues.exports.files import signed_head_of
from hiwar.engine.ledger.notes import key_text
from hiwar.publishing.exports.feeds import absolute
from hiwar.publishing.queries.open_data import signed_list
from hiwar.publishing.views.keeping import for_other_sites, kept_for_a_minute

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_RESULTS = 20
GROUP = 4


@require_safe
@kept_for_a_minute
def page(request: HttpRequest, language: str) -> HttpResponse:
    """Show the key of the institution, the latest signed list and head, and how to check a file."""
    key = public_log_key(f"{settings.LOG_NAME}/lists")
    results = signed_results(timezone.now())[:MOST_RESULTS]
    newest = signed_list()
    return render(request, "publishing/public/authenticity.html", {
        "heading": _("Is this ours?"), "house": the_institution(),
        "addresses": [settings.PUBLIC_ORIGIN],
        "fingerprint": _in_groups(hashlib.sha256(key.public).hexdigest()) if key else "",
        "material": base64.b64encode(bytes([key.kind]) + key.public).decode() if key else "",
        "key": key_text(key) if key else "",
        "newest": newest,
        "list_url": absolute(reverse("public_publishing:signed_list", args=[newest.number]))
        if newest else "",
        "results": [
            (each, reverse("public_dialogues:data", args=[
                language, each.publication.dialogue.code, each.publication.version, "votes.zip",
            ]))
            for each in results
        ],
        "signed_head": signed_head_of(results[0].publication) if results else "",
    })  # fmt: skip


@for_other_sites
@require_safe
@kept_for_a_minute
def signed(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Give a signed list of checksums: the newest, or the one of a number."""
    kept = signed_list(number)
    if kept is None:
        raise Http404
    response = HttpResponse(kept.note, "text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="list-{kept.number}.txt"'
    return response


def _in_groups(text: str) -> str:
    """Return a digest in groups of four, so that it can be read aloud."""
    return " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))
