"""What of visits full text, the timeline of a dossier and its list of linked records are offered.

Titles, senders and what the public may read: travellers, their needs, notes, risks and reasons are
found nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hiwar.common import dates
from hiwar.common.search.sources import Document, Source, seen_among
from hiwar.common.templatetags.components import number
from hiwar.dossiers.queries import Facet, LinkedRecord, TimelineEntry
from hiwar.visits import rules
from hiwar.visits.models import Visit
from hiwar.visits.queries.desk import HOSTED, alive_items, visits_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

KIND = "visits.visit"
S = Visit.State
TONES = {S.FIXED: "primary", S.UNDER_WAY: "primary", S.POSTPONED: "danger", S.CANCELLED: "danger"}


def document_of(visit: Visit) -> Document:
    """Return what can be found of one visit."""
    codes = {*visit.sender, *visit.summary}
    body = {
        code: "\n".join(filter(None, (visit.sender.get(code, ""), visit.summary.get(code, ""))))
        for code in codes
    }
    return Document(visit.pk, dict(visit.title), body, visit.visibility)


def _documents() -> Iterator[Document]:
    for visit in Visit.objects.order_by("pk").iterator(chunk_size=500):
        yield document_of(visit)


def _at(key: UUID) -> str:
    code = Visit.objects.filter(pk=key).values_list("code", flat=True).first()
    return reverse("visits:visit", args=[code]) if code else ""


SOURCES = (
    Source(
        KIND, _("Visits"), _documents, seen_among(visits_for, rules.can_see_visits), _at, order=22
    ),
)


def timeline(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield the visits that are about a dossier and that a user may read."""
    if not rules.can_see_visits(user):
        return
    for visit in visits_for(user).filter(dossiers=dossier):
        count = alive_items(visit)
        counted = ngettext("%(n)s item", "%(n)s items", count) % {"n": number(count)}
        days = dates.day(visit.starts_on), dates.day(visit.ends_on)
        yield TimelineEntry(
            on=visit.starts_on,
            kind="visit",
            label=str(_("Visit")),
            icon="place",
            title=str(visit.title),
            url=reverse("visits:visit", args=[visit.code]),
            text=f"{days[0]} – {days[1]} · {counted}",
            state=str(visit.get_state_display()),
            tone=TONES.get(S(visit.state), ""),
            is_expected=not visit.is_over and visit.state != S.UNDER_WAY,
        )


def facets(user: User, dossier: Dossier) -> Iterator[Facet]:
    """Yield the visits that are about a dossier, with their states."""
    if not rules.can_see_visits(user):
        return
    yield Facet(
        kind="visit",
        label=str(_("Visits")),
        icon="place",
        items=tuple(
            LinkedRecord(
                str(visit.title),
                reverse("visits:visit", args=[visit.code]),
                str(visit.get_state_display()),
                "" if visit.state in HOSTED else TONES.get(S(visit.state), ""),
                dates.day(visit.starts_on),
            )
            for visit in visits_for(user).filter(dossiers=dossier)
        ),
        url=reverse("visits:list"),
    )
