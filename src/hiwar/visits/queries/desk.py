"""Visits as the desk lists them, what they owe the morning page, and what they add up to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import readable_by
from hiwar.contacts.models import PostHolding
from hiwar.contacts.queries.people import people_for, posts_for
from hiwar.events.models import Event
from hiwar.visits.models import (
    Booking,
    ShareLink,
    TalkingPoint,
    ThemeTag,
    Undertaking,
    Visit,
    VisitItem,
)
from hiwar.visits.queries.plans import OFF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody

SOON = timedelta(days=30)
HOSTED = (Visit.State.HELD, Visit.State.FOLLOWED_UP, Visit.State.CLOSED)
MOVING = (
    Visit.State.CONFIRMED,
    Visit.State.DRAFT,
    Visit.State.FIXED,
    Visit.State.UNDER_WAY,
)
LEAST = 5
FOLLOW_UP, STALE = timedelta(days=90), timedelta(days=365)
VERBS = {
    "visits.visit.create": _("planned a visit"),
    "visits.visit.step": _("took a visit a step further"),
    "visits.visit.load": _("loaded a delegation file"),
    "visits.visit.unload": _("took a delegation file out again"),
    "visits.visit.change": _("changed a programme"),
    "visits.visit.copy": _("copied a visit"),
    "visits.visit.publish": _("made a visit public"),
    "visits.visit.unpublish": _("took the page of a visit down"),
    "visits.visit.update": _("changed a visit"),
    "visits.traveller.add": _("added a traveller"),
    "visits.traveller.update": _("changed a traveller"),
    "visits.traveller.remove": _("removed a traveller"),
    "visits.document.keep": _("kept a travel document"),
    "visits.document.open": _("opened a travel document"),
    "visits.permit.set": _("set a permit"),
    "visits.item.add": _("added an item"),
    "visits.visititem.update": _("changed an item"),
    "visits.item.count": _("counted people met"),
    "visits.item.tag": _("set the themes of an item"),
    "visits.leg.set": _("wrote down a way"),
    "visits.booking.settle": _("settled a booking"),
    "visits.link.make": _("made a private link"),
    "visits.link.withdraw": _("withdrew a private link"),
    "visits.pack.ask": _("asked for a pack"),
    "visits.packtext.add": _("added a text of the pack"),
    "visits.packtext.update": _("changed a text of the pack"),
    "visits.packtext.remove": _("took a text out of the pack"),
    "visits.talkingpoint.add": _("added a talking point"),
    "visits.talkingpoint.update": _("changed a talking point"),
    "visits.talkingpoint.remove": _("took a talking point out"),
    "visits.talkingpoint.check": _("looked a reference up again"),
    "visits.host.write": _("wrote about a host"),
    "visits.note.add": _("wrote a note"),
    "visits.undertaking.add": _("wrote down an undertaking"),
    "visits.undertaking.settle": _("settled an undertaking"),
}


def visits_for(user: Somebody) -> QuerySet[Visit]:
    """Return the visits a user may read, the newest first."""
    return Visit.objects.filter(readable_by(user, Visit)).order_by("-starts_on", "pk")


def search_visits(user: Somebody, words: str, state: str) -> QuerySet[Visit]:
    """Return the visits that match words and a state, with the number of items of each."""
    visits = visits_for(user)
    for word in words.split()[:6]:
        visits = visits.filter(
            Q(title__icontains=word) | Q(sender__icontains=word) | Q(code__icontains=word)
        )
    if state:
        visits = visits.filter(state=state)
    alive = ~Q(items__event__state__in=OFF)
    return visits.annotate(
        n_items=Count("items", filter=alive, distinct=True),
        n_travellers=Count("travellers", distinct=True),
    )


def alive_items(visit: Visit) -> int:
    """Return how many items of a visit are not called off."""
    return VisitItem.objects.filter(visit=visit).exclude(event__state__in=OFF).count()


def items_on(user: Somebody, day: date) -> list[VisitItem]:
    """Return the items of visits that a user may read on a day, in the order of time."""
    items = VisitItem.objects.filter(readable_by(user, Visit, path="visit__"), event__starts_on=day)
    items = items.exclude(event__state__in=OFF).select_related("event__venue", "visit")
    items = items.prefetch_related("organisations", "posts")
    return list(items.order_by("event__starts_at", "event__code", "pk"))


def visits_in_motion(user: Somebody) -> QuerySet[Visit]:
    """Return the visits a user may read that are planned or under way, the nearest first."""
    visits = visits_for(user).filter(state__in=MOVING)
    alive = ~Q(items__event__state__in=OFF)
    visits = visits.annotate(n_items=Count("items", filter=alive, distinct=True))
    return visits.order_by("starts_on", "code", "pk")


def names_of_visits(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of visits that may be named in the log: those that all staff may read."""
    wide = Visit.objects.exclude(visibility__in=("personal", "team")).filter(pk__in=list(keys))
    return {str(visit.pk): str(visit.title) for visit in wide}


def leaving_soon(user: Somebody, visit: Visit) -> list[PostHolding]:
    """Return who of the partner's officers leaves within 30 days of the visit's first day.

    Posts and people that the reader may not read are left out.
    """
    if visit.partner is None:
        return []
    last = visit.starts_on + SOON
    holdings = PostHolding.objects.filter(
        post__organisation=visit.partner, ends_on__gte=visit.starts_on, ends_on__lte=last
    )
    readable = holdings.filter(
        post__in=posts_for(user).order_by(), person__in=people_for(user).order_by()
    )
    return list(readable.select_related("person", "post").order_by("ends_on", "pk"))


def diets_of(visit: Visit) -> list[tuple[str, int]]:
    """Return how many meals of each kind a caterer cooks; nobody is named."""
    counted = Counter(visit.travellers.values_list("diet", flat=True))
    plain = counted.pop("", 0)
    rows = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [*rows, ("", plain)] if plain else rows


@dataclass(frozen=True, slots=True)
class Answers:
    """What feedback adds up to."""

    answered: int
    asked: int
    mean: float | None

    @property
    def percent(self) -> float:
        """The share that answered, in percent."""
        return 100 * self.answered / self.asked if self.asked else 0.0


def answers_of(visit: Visit) -> Answers:
    """Return how many of the travellers answered, and the mean of their scores."""
    means = visit.feedback.aggregate(n=Count("pk"), mean=Avg("score"))
    asked = visit.links.filter(kind=ShareLink.Kind.FEEDBACK).count()
    return Answers(means["n"], max(asked, means["n"]), means["mean"])


@dataclass(frozen=True, slots=True)
class ThemeShare:
    """In how many items of how many a theme was raised."""

    theme: ThemeTag
    items: int
    of: int

    @property
    def percent(self) -> float:
        """The share in percent."""
        return 100 * self.items / self.of if self.of else 0.0


def theme_report(user: Somebody, first: date, last: date) -> list[ThemeShare]:
    """Return, for every theme, in how many items of a time it was raised."""
    within = VisitItem.objects.filter(
        readable_by(user, Visit, path="visit__"),
        event__starts_on__gte=first,
        event__starts_on__lte=last,
    ).exclude(event__state__in=OFF)
    whole = within.count()
    counts = Counter(within.filter(themes__isnull=False).values_list("themes", flat=True))
    themes = ThemeTag.objects.order_by("code", "pk")
    return [ThemeShare(theme, counts[theme.pk], whole) for theme in themes]


def stale_points(user: Somebody, today: date) -> list[TalkingPoint]:
    """Return the points of coming visits whose references nobody looked up for twelve months."""
    points = TalkingPoint.objects.filter(
        Q(checked_on=None) | Q(checked_on__lt=today - STALE),
        readable_by(user, Visit, path="visit__"),
        visit__state__in=(*MOVING, Visit.State.IDEA, Visit.State.INVITED),
    )
    return list(points.select_related("visit").order_by("checked_on", "visit__code", "pk"))


@dataclass(frozen=True, slots=True)
class Figures:
    """What visits add up to over a time."""

    hosted: int
    postponed: int
    planned: int
    kinds: dict[str, int]
    undertakings: int
    undertakings_done: int
    undertakings_in_time: int
    met: dict[str, int | None]


def figures_of(user: Somebody, first: date, last: date) -> Figures:
    """Return what visits that began in a time add up to; a postponed one counts as planned."""
    visits = visits_for(user).filter(starts_on__gte=first, starts_on__lte=last)
    hosted = visits.filter(state__in=HOSTED).order_by()
    items = VisitItem.objects.filter(visit__in=hosted.values("pk"))
    items = items.exclude(event__state__in=OFF)
    kinds = Counter(items.values_list("event__kind", flat=True))
    undertakings = Undertaking.objects.filter(visit__in=hosted.values("pk"))
    sums = items.aggregate(female=Sum("met_female"), male=Sum("met_male"), other=Sum("met_other"))
    return Figures(
        hosted=hosted.count(),
        postponed=visits.filter(state=Visit.State.POSTPONED).count(),
        planned=visits.exclude(state=Visit.State.IDEA).count(),
        kinds={kind: kinds[kind] for kind in Event.Kind.values if kinds[kind]},
        undertakings=undertakings.count(),
        undertakings_done=undertakings.exclude(done_on=None).count(),
        undertakings_in_time=sum(
            done_on is not None and done_on <= ends_on + FOLLOW_UP
            for done_on, ends_on in undertakings.exclude(done_on=None).values_list(
                "done_on", "visit__ends_on"
            )
        ),
        met=hide_small({name: count or 0 for name, count in sums.items()}),
    )


def hide_small(counts: dict[str, int]) -> dict[str, int | None]:
    """Hide counts from 1 to 4, and the next smallest where one hidden count could be reckoned."""
    hidden = {name for name, count in counts.items() if 0 < count < LEAST}
    if len(hidden) == 1:
        rest = [name for name, count in counts.items() if name not in hidden and count]
        if rest:
            hidden.add(min(rest, key=lambda name: counts[name]))
    return {name: None if name in hidden else count for name, count in counts.items()}


def to_cancel(visit: Visit) -> QuerySet[Booking]:
    """Return the bookings that somebody must still cancel."""
    return visit.bookings.filter(state=Booking.State.TO_CANCEL).order_by("starts_on", "pk")


def reports_due(user: Somebody, today: date) -> list[Visit]:
    """Return the visits whose report is due."""
    visits = visits_for(user).filter(state=Visit.State.HELD, report_due_on__lte=today)
    return list(visits.order_by("report_due_on", "pk"))
