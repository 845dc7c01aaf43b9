"""The frame of the pages of a signing: above them stands the document, as its room describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from hiwar.accounts.access import me
from hiwar.common.desk.pages import part_or_404
from hiwar.signatures import rules
from hiwar.signatures.models import Signing
from hiwar.signatures.queries.pages import tabs_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def signing_or_404(request: HttpRequest, key: str) -> Signing:
    """Return a signing whose document the reader may read; one that is closed is not there."""
    signing = part_or_404(Signing.objects.select_related("contact_post"), key)
    if not rules.can_read_signing(me(request), signing):
        raise Http404
    return signing


def page_of_signing(
    request: HttpRequest, name: str, signing: Signing, /, *, tab: str = "", **context: Any
) -> HttpResponse:
    """Render a page of a signing under its document; where `tab` is the open one, with tabs."""
    document = rules.kind_of(signing).describe(signing)
    if document is None:
        raise Http404
    context |= {
        "title": document.title,
        "record": {"title": document.title, "url": document.url},
        "trail": document.path,
        "styles": ["signatures/joint.css", "signatures/desk.css"],
        "signing": signing,
        "document": document,
        "tabs": tabs_of(signing, document, tab) if tab else [],
        "tabs_label": _("Pages of this document"),
        "may_edit": signing.ended_at is None and rules.can_collect(me(request), signing),
    }
    return render(request, f"signatures/desk/{name}.html", context)
