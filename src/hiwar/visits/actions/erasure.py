"""What visits hold on a traveller and on a person of the register, and how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import can_erase_people
from hiwar.common.files.actions import erase_files
from hiwar.common.models import ImportRun, PrivateLink
from hiwar.common.personal.actions import empty_runs
from hiwar.common.personal.holdings import Holding, Subject
from hiwar.visits.models import (
    MeetingNote,
    PackBuild,
    PackFile,
    ShareLink,
    Traveller,
    VisitItem,
    VisitVersion,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.common.personal.holdings import Traces

TRAVELLER = "visits.traveller"


def _records(traveller: Traveller, traces: Traces) -> list[Traveller]:
    traces.know(
        traveller.name, traveller.other_name, traveller.phone, str(traveller.pk), traveller.pk.hex
    )
    traces.know(*traveller.bio.values())
    return [traveller]


def _known_by(text: str) -> QuerySet[Traveller]:
    known = Q(name__icontains=text) | Q(other_name__icontains=text) | Q(phone=text)
    return Traveller.objects.filter(known).select_related("visit").order_by("pk")


def _may(user: Somebody, traveller: Traveller | None) -> bool:
    return can_erase_people(user) and (traveller is None or is_readable_by(user, traveller.visit))


def _erase_travellers(traces: Traces) -> None:
    travellers = Traveller.objects.filter(pk__in=traces.keys)
    visits = set(travellers.values_list("visit", flat=True))
    shares = ShareLink.objects.filter(traveller__in=travellers)
    links = list(shares.order_by("pk").values_list("private_link", flat=True))
    traces.drop(shares)
    traces.drop(PrivateLink.objects.filter(pk__in=links))
    traces.drop(travellers)
    empty_runs(traces, ImportRun.objects.filter(subject__in=visits).values_list("pk", flat=True))
    _forget_in(traces, visits)


def _erase_people(traces: Traces) -> None:
    items = VisitItem.objects.filter(speakers__in=traces.keys)
    _forget_in(traces, set(items.values_list("visit", flat=True)))


def _forget_in(traces: Traces, visits: Iterable[UUID]) -> None:
    """Take printed packs away, and the persons out of changes and of who said what."""
    builds = PackBuild.objects.filter(visit__in=visits)
    files = list(PackFile.objects.filter(build__in=builds).values_list("file", flat=True))
    traces.drop(builds)
    erase_files(actor=None, keys=files, now=traces.now)
    for version in VisitVersion.objects.filter(visit__in=visits).order_by("pk"):
        left = [change for change in version.changes if not _names(traces, str(change))]
        if left != version.changes:
            version.changes = left
            version.save(update_fields=["changes"])
            traces.counts["visits.VisitVersion"] += 1
    notes = MeetingNote.objects.filter(item__visit__in=visits).exclude(said_by="")
    said = [note.pk for note in notes.order_by("pk") if _names(traces, note.said_by)]
    traces.empty(MeetingNote.objects.filter(pk__in=said), said_by="")


def _names(traces: Traces, text: str) -> bool:
    return any(word in text for word in traces.words)


SUBJECT = Subject(
    code=TRAVELLER,
    label=_("a traveller of a delegation"),
    may=_may,
    name=str,
    records=_records,
    effects=(
        _("Name, papers, telephone, diet, needs and private links of the traveller go."),
        _("Packs of this visit that were printed go; make them anew where they are needed."),
        _("The list that was brought in is destroyed and can no longer be undone."),
    ),
    look_up=lambda _user, text: _known_by(text),
    home=lambda traveller: reverse("visits:travellers", args=[traveller.visit.code]),
)
TABLES = (
    "visits.Traveller", "visits.TravellerDocument", "visits.ShareLink", "visits.Permit",
    "visits.PackBuild", "visits.PackFile", "visits.VisitVersion", "visits.MeetingNote",
    "common.PrivateLink", "common.ImportRun", "common.StoredFile",
)  # fmt: skip
HOLDINGS = (
    Holding(TRAVELLER, "visits", TABLES, _erase_travellers),
    Holding("contacts.person", "visits", (*TABLES, "visits.VisitItem"), _erase_people),
)
