"""What dialogues add to a dossier: when they opened and closed, and what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.common import dates
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.models import Dialogue, Publication
from hiwar.dialogues.queries.dialogues import counts_of
from hiwar.dialogues.queries.results import is_public
from hiwar.dossiers.queries import Facet, LinkedRecord, TimelineEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

TONES = {Dialogue.State.DRAFT: "notice", Dialogue.State.OPEN: "primary", Dialogue.State.CLOSED: ""}


def dialogues_of_dossier(dossier: Dossier) -> QuerySet[Dialogue]:
    """Return the dialogues that hang on a dossier, oldest first."""
    return Dialogue.objects.filter(dossier=dossier).order_by("created_at", "pk")


def timeline_entries(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield the opening and the close of each dialogue, and each publication of its results."""
    if not rules.can_see_dialogue(user):
        return
    for dialogue in dialogues_of_dossier(dossier):
        state = Dialogue.State(dialogue.state)
        if dialogue.opened_at:
            yield _entry(
                dialogue, dialogue.opened_at, _("A dialogue opens"), text=_counted(dialogue)
            )
        if dialogue.closed_at:
            yield _entry(dialogue, dialogue.closed_at, str(state.label))
        published = Publication.objects.filter(dialogue=dialogue, published_at__isnull=False)
        for publication in published.order_by("version", "pk"):
            if publication.published_at is not None:
                yield _entry(dialogue, publication.published_at, _("Results are published"))


def facets(user: User, dossier: Dossier) -> Iterator[Facet]:
    """Yield the dialogues that hang on a dossier, with their states."""
    if not rules.can_see_dialogue(user):
        return
    yield Facet(
        kind="dialogue",
        label=_("Dialogues"),
        icon="dialogue",
        items=tuple(
            LinkedRecord(
                str(dialogue.title),
                reverse("dialogues:dialogue", args=[dialogue.code]),
                str(Dialogue.State(dialogue.state).label),
                TONES[Dialogue.State(dialogue.state)],
            )
            for dialogue in dialogues_of_dossier(dossier)
        ),
    )


def _entry(dialogue: Dialogue, at: datetime, state: str, text: str = "") -> TimelineEntry:
    return TimelineEntry(
        on=dates.local_day(at),
        kind="dialogue",
        label=_("Dialogue"),
        icon="dialogue",
        title=str(dialogue.title),
        url=reverse("dialogues:dialogue", args=[dialogue.code]),
        text=text,
        state=state,
        tone="info",
    )


def _counted(dialogue: Dialogue) -> str:
    people = counts_of(dialogue)["participants"]
    sentence = ngettext("%(n)s person has voted", "%(n)s people have voted", people)
    return sentence % {"n": number(people)}


def public_facet(dossier: Dossier, language: str, now: datetime) -> Iterator[Facet]:
    """Yield the dialogues of a dossier that passers-by may know of: open ones, and results.

    One that asks for a code, or whose people are at high risk, is known by its results alone.
    """
    dialogues = {
        dialogue.pk: dialogue
        for dialogue in dialogues_of_dossier(dossier).exclude(state=Dialogue.State.DRAFT)
    }
    newest: dict[object, Publication] = {}
    publications = Publication.objects.filter(dialogue__in=dialogues).order_by("-version", "pk")
    for publication in publications.defer("bundle", "document"):
        if publication.state == Publication.State.WITHDRAWN or is_public(publication, now):
            newest.setdefault(publication.dialogue_id, publication)
    items = []
    for key, dialogue in dialogues.items():
        publication_now = newest.get(key)
        if publication_now is not None and is_public(publication_now, now):
            url = reverse("public_dialogues:results", args=[language, dialogue.code])
            items.append(LinkedRecord(dialogue.title.marked, url, _("Results"), "primary"))
        elif (
            dialogue.state == Dialogue.State.OPEN
            and dialogue.accepts_open_link
            and dialogue.risk != Dialogue.Risk.HIGH
        ):
            url = reverse("public_dialogues:detail", args=[language, dialogue.code])
            items.append(
                LinkedRecord(dialogue.title.marked, url, str(Dialogue.State.OPEN.label), "primary")
            )
    yield Facet("dialogue", _("Dialogues"), "dialogue", tuple(items))
