"""What the pages of the room share: finding a record one may read, tabs, acting and saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.dossiers import rules
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries.dossiers import all_readable, documents_of, open_steps
from hiwar.dossiers.queries.facts import facts_of
from hiwar.dossiers.queries.joint import readable_statements
from hiwar.dossiers.queries.timeline import TONES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def dossier_or_404(request: HttpRequest, code: str) -> Dossier:
    """Return a dossier the reader may read; one that is closed to them is not there."""
    dossiers = all_readable(request.user).select_related("programme__pillar", "project", "owner")
    return get_object_or_404(dossiers, code=code)


def page_of_dossier(
    request: HttpRequest, name: str, dossier: Dossier, **context: Any
) -> HttpResponse:
    """Render a page of a dossier; where `tab` says which of its tabs is open, with the tabs."""
    frame = frame_of_dossier(request, dossier, context.pop("tab", ""))
    return render(request, f"dossiers/{name}.html", {**context, **frame, "title": dossier.title})


def frame_of_dossier(request: HttpRequest, dossier: Dossier, tab: str = "") -> dict[str, Any]:
    """Return what the frame of a page says of the dossier it belongs to."""
    home = reverse("dossiers:dossier", args=[dossier.code])
    return {
        "dossier": dossier,
        "record": {"title": dossier.title, "url": home},
        "trail": [(_("Dossiers"), reverse("dossiers:list"))],
        "styles": ["dossiers/desk.css"],
        "tabs": _tabs(request, dossier, tab) if tab else [],
        "may_edit": rules.can_edit_dossiers(request.user) and dossier.archived_at is None,
        "may_decide": rules.can_decide_state(request.user) and dossier.archived_at is None,
        "tone": TONES[Dossier.State(dossier.state)],
    }


def _tabs(request: HttpRequest, dossier: Dossier, current: str) -> list[dict[str, object]]:
    offered = (
        ("history", "dossiers:dossier", pgettext("tab of a dossier", "History"), None),
        ("facts", "dossiers:facts", _("Facts"), facts_of(dossier).count()),
        ("documents", "dossiers:documents", _("Documents"), documents_of(dossier).count()),
        ("steps", "dossiers:steps", _("Next steps"), open_steps(dossier).count()),
        (
            "statements",
            "dossiers:statements",
            _("Joint statements"),
            readable_statements(request.user).filter(dossier=dossier).count(),
        ),
        ("people", "dossiers:people", _("People"), None),
    )
    return [
        {
            "label": label,
            "url": reverse(name, args=[dossier.code]),
            "current": key == current,
            "count": count or None,
        }
        for key, name, label, count in offered
    ]
