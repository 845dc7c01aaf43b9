"""The timeline of a dossier: everything that happened, oldest first, and what is expected next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.common import dates
from hiwar.dossiers.models import Barrier, Dossier, JointText
from hiwar.dossiers.queries.barriers import readable_barriers
from hiwar.dossiers.queries.dossiers import changes_of, documents_of, done_steps, open_steps
from hiwar.dossiers.queries.extension_points import TimelineEntry, registered_timeline
from hiwar.dossiers.queries.facts import facts_of
from hiwar.dossiers.queries.joint import readable_statements, signatories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hiwar.accounts.models import User

TONES = {
    Dossier.State.OBSERVED: "",
    Dossier.State.OPENED: "info",
    Dossier.State.IN_DIALOGUE: "info",
    Dossier.State.DRAFTED: "info",
    Dossier.State.ADOPTED: "info",
    Dossier.State.IN_ADVOCACY: "primary",
    Dossier.State.ANSWERED: "notice",
    Dossier.State.PARTLY_MET: "notice",
    Dossier.State.MET: "success",
    Dossier.State.DORMANT: "",
    Dossier.State.REOPENED: "info",
}
BARRIER_TONES = {
    Barrier.State.IDENTIFIED: "danger",
    Barrier.State.WORKED_ON: "notice",
    Barrier.State.REMOVED_IN_PART: "info",
    Barrier.State.REMOVED: "success",
}


@dataclass(frozen=True, slots=True)
class Year:
    """What happened in one year, oldest first."""

    number: int
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry on a timeline, and how often it comes."""

    code: str
    label: str
    icon: str
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The history of a dossier by year, what is expected, and its kinds of entries."""

    years: tuple[Year, ...]
    expected: tuple[TimelineEntry, ...]
    kinds: tuple[Kind, ...]
    shown: int


def timeline(user: User, dossier: Dossier, kind: str = "") -> Timeline:
    """Return the timeline as a reader sees it, of all kinds or of one."""
    entries = [*_own(user, dossier), *registered_timeline(user, dossier)]
    entries.sort(key=lambda entry: (entry.on, _ORDER.get(entry.kind, len(_ORDER))))
    counts = Counter(entry.kind for entry in entries)
    first = {entry.kind: entry for entry in reversed(entries)}
    kinds = [Kind(code, first[code].label, first[code].icon, counts[code]) for code in first]
    kinds.sort(key=lambda kind_shown: (_ORDER.get(kind_shown.code, len(_ORDER)), kind_shown.label))
    shown = [entry for entry in entries if kind in {"", entry.kind}]
    past = [entry for entry in shown if not entry.is_expected]
    years: dict[int, list[TimelineEntry]] = {}
    for timeline_entry in past:
        years.setdefault(timeline_entry.on.year, []).append(timeline_entry)
    return Timeline(
        years=tuple(
            Year(number, tuple(entries_of_year)) for number, entries_of_year in years.items()
        ),
        expected=tuple(entry for entry in shown if entry.is_expected),
        kinds=tuple(kinds),
        shown=len(shown),
    )


_ORDER = {"state": 0, "dialogue": 1, "event": 2, "visit": 3, "document": 4, "fact": 5}
_ORDER |= {"barrier": 6, "joint": 7, "step": 8}


def _own(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    yield from _beginning(dossier)
    yield from _changes(dossier)
    yield from _documents(dossier)
    yield from _facts(dossier)
    yield from _barriers(user, dossier)
    yield from _statements(user, dossier)
    yield from _steps(dossier)


def _beginning(dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield that the issue is observed, unless the same day brought the first decision."""
    first = changes_of(dossier).first()
    made_on = dates.local_day(dossier.created_at)
    if first is None or made_on < first.on:
        yield TimelineEntry(
            on=made_on,
            kind="state",
            label=pgettext("timeline", "State"),
            icon="flag",
            title=_("The institution begins to observe this issue"),
            state=str(Dossier.State.OBSERVED.label),
        )


def _changes(dossier: Dossier) -> Iterator[TimelineEntry]:
    for change in changes_of(dossier):
        state = Dossier.State(change.after)
        yield TimelineEntry(
            on=change.on,
            kind="state",
            label=_("State, out of the usual order")
            if change.is_unusual
            else pgettext("timeline", "State"),
            icon="flag",
            title=str(change.reason) or _("The state changes"),
            text=change.source,
            url=change.source_url,
            state=str(state.label),
            tone=TONES[state],
        )


def _documents(dossier: Dossier) -> Iterator[TimelineEntry]:
    for document in documents_of(dossier):
        yield TimelineEntry(
            on=document.published_on or dates.local_day(document.added_at),
            kind="document",
            label=_("Document"),
            icon="paper",
            title=str(document.title),
            text=document.publisher,
            url=document.url,
        )


def _facts(dossier: Dossier) -> Iterator[TimelineEntry]:
    page = reverse("dossiers:facts", args=[dossier.code])
    for fact in facts_of(dossier):
        yield TimelineEntry(
            on=fact.published_on or dates.local_day(fact.added_at),
            kind="fact",
            label=_("Fact"),
            icon="fact",
            title=str(fact.text),
            text=fact.source,
            url=f"{page}#fact-{fact.pk}",
            state=fact.value,
        )


def _barriers(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    for barrier in readable_barriers(user).filter(dossier=dossier):
        url = reverse("dossiers:barrier", args=[barrier.pk])
        label = _("Barrier")
        yield TimelineEntry(
            on=barrier.identified_on,
            kind="barrier",
            label=label,
            icon="barrier",
            title=str(barrier.title),
            url=url,
            state=str(Barrier.State.IDENTIFIED.label),
            tone="danger",
        )
        state = Barrier.State(barrier.state)
        if state != Barrier.State.IDENTIFIED:
            yield TimelineEntry(
                on=barrier.state_on,
                kind="barrier",
                label=label,
                icon="barrier",
                title=str(barrier.title),
                url=url,
                text=barrier.state_reason,
                state=str(state.label),
                tone=BARRIER_TONES[state],
            )


def _steps(dossier: Dossier) -> Iterator[TimelineEntry]:
    label = _("Next step")
    for next_step in done_steps(dossier):
        on = dates.local_day(next_step.done_at) if next_step.done_at else next_step.due_on
        yield TimelineEntry(
            on=on, kind="step", label=label, icon="step", title=str(next_step.what),
            text=str(next_step.owner), state=pgettext("next step", "done"), tone="success",
        )  # fmt: skip
    for next_step in open_steps(dossier):
        yield TimelineEntry(
            on=next_step.due_on, kind="step", label=label, icon="step", title=str(next_step.what),
            text=str(next_step.owner), is_expected=True,
        )  # fmt: skip


def _statements(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield when joint statements were opened, published, withdrawn, and their last day."""
    label = _("Joint statement")
    for statement in readable_statements(user).filter(dossier=dossier):
        url = reverse("dossiers:joint", args=[statement.code])

        def entry(on: date, title: str, url: str = url, **more: Any) -> TimelineEntry:
            return TimelineEntry(
                on=on, kind="joint", label=label, icon="edit", title=title, url=url, **more
            )

        for text in statement.texts.select_related("version").order_by("number", "pk"):
            if text.version is not None:
                yield entry(
                    dates.local_day(text.version.opened_at), str(text.title),
                    state=pgettext("joint statement", "open for signature"), tone="primary",
                )  # fmt: skip
            if text.published_at is not None:
                yield entry(
                    dates.local_day(text.published_at), str(text.title),
                    text=signatories(text).sentence,
                    state=pgettext("joint statement", "published"), tone="success",
                )  # fmt: skip
            is_open = text.state == JointText.State.OPEN and statement.withdrawn_at is None
            if is_open and statement.sign_by is not None:
                yield entry(
                    statement.sign_by, str(text.title), text=_("last day for signing"),
                    is_expected=True,
                )  # fmt: skip
        if statement.withdrawn_at is not None:
            yield entry(
                dates.local_day(statement.withdrawn_at), str(text.title),
                text=str(statement.withdrawal),
                state=pgettext("joint statement", "withdrawn"), tone="danger",
            )  # fmt: skip


def ahead(timeline: Timeline, today: date) -> list[tuple[TimelineEntry, bool]]:
    """Return what is expected, each with whether its day has passed."""
    return [(entry, entry.on < today) for entry in timeline.expected]
