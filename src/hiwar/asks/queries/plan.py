"""The plan of an issue on one screen: aim, asks, targets, steps, messages, contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.asks import rules
from hiwar.asks.models import Addressee, Ask, TalkingLine
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.posts import addressees_for, name_readable_posts
from hiwar.asks.queries.standing import standings_of
from hiwar.contacts.queries.log import interactions_for
from hiwar.dossiers.models import Dossier, Fact, NextStep
from hiwar.dossiers.queries.dossiers import open_steps, readable_dossiers
from hiwar.dossiers.queries.extension_points import Use

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.asks.queries.standing import AskStanding
    from hiwar.contacts.models import Interaction

LAST_CONTACTS = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned for an issue, as one reader may know it.

    ``targets`` are addressees with the day of the last contact that the reader may read of;
    ``gaps`` say in words what the plan lacks.
    """

    asks: tuple[tuple[Ask, AskStanding], ...]
    targets: tuple[tuple[Addressee, date | None], ...]
    steps: tuple[NextStep, ...]
    lines: tuple[TalkingLine, ...]
    contacts: tuple[Interaction, ...]
    gaps: tuple[str, ...]


def lines_for(user: User, dossier: Dossier) -> QuerySet[TalkingLine]:
    """Return the lines of a dossier that a user may read: those to a closed addressee are not."""
    if not rules.can_see_asks(user):
        return TalkingLine.objects.none()
    lines = TalkingLine.objects.filter(
        Q(addressee=None) | Q(addressee__in=addressees_for(user).order_by().values("pk")),
        dossier=dossier, removed_at=None,
    )  # fmt: skip
    standing = Fact.objects.filter(withdrawn_at=None).order_by("published_on", "added_at", "pk")
    return (
        lines.select_related("addressee__post", "addressee__ask")
        .prefetch_related(Prefetch("facts", standing))
        .order_by("addressee", "audience", "written_at", "pk")
    )


def plan_of(user: User, dossier: Dossier, today: date) -> Plan:
    """Return the plan of a dossier that the user may read."""
    asks = list(asks_for(user).filter(dossier=dossier).exclude(state=Ask.State.DROPPED))
    standings = standings_of(user, asks, today)
    rows = Addressee.objects.filter(ask__in=asks).select_related("post__organisation", "ask")
    targets = list(rows.order_by("answer_due", "pk"))
    named = name_readable_posts(user, targets)
    contacts, last = _contacts(user, named)
    steps, lines = tuple(open_steps(dossier)), tuple(lines_for(user, dossier))
    has = (bool(dossier.aim), bool(asks), bool(targets), bool(steps), bool(lines), bool(contacts))
    return Plan(
        tuple((ask, standings[ask.pk]) for ask in asks),
        tuple((target, last.get(target.post_id)) for target in targets),
        steps, lines, contacts, tuple(_gaps(has, steps, today)),
    )  # fmt: skip


def _contacts(
    user: User, targets: Sequence[Addressee]
) -> tuple[tuple[Interaction, ...], dict[UUID, date]]:
    """Return the last contacts with the posts that are asked or their bodies, and the days."""
    bodies = {row.post_id: row.post.organisation_id for row in targets}
    if not bodies:
        return (), {}
    rows = interactions_for(user).filter(
        Q(post__in=bodies) | Q(post=None, organisation__in=set(bodies.values()))
    )
    last: dict[UUID, date] = {}
    for row in rows.prefetch_related(None).order_by("-happened_on", "-made_at", "pk"):
        for post, body in bodies.items():
            if row.post_id == post or (row.post_id is None and row.organisation_id == body):
                last.setdefault(post, row.happened_on)
    return tuple(rows[:LAST_CONTACTS]), last


def _gaps(has: Sequence[bool], steps: Sequence[NextStep], today: date) -> list[str]:
    words = (
        _("no aim is written"),
        _("nothing is asked for"),
        _("nobody is asked"),
        _("no next step is open"),
        _("no message is written"),
        _("no contact with those who decide is noted"),
    )
    gaps = [word for word, is_there in zip(words, has, strict=True) if not is_there]
    if steps and all(step.due_on < today for step in steps):
        gaps.append(_("every open step is overdue"))
    return gaps


def plans_at_rest(user: User) -> list[tuple[Dossier, str]]:
    """Return a user's own dossiers in advocacy that nobody moves, each with what is lacking."""
    if not rules.can_see_asks(user):
        return []
    dossiers = list(readable_dossiers(user).filter(owner=user, state=Dossier.State.IN_ADVOCACY))
    moving = set(
        NextStep.objects.filter(dossier__in=dossiers, done_at=None)
        .order_by()
        .values_list("dossier", flat=True)
    )
    asking = set(
        addressees_for(user).filter(ask__dossier__in=dossiers)
        .order_by()
        .values_list("ask__dossier", flat=True)
    )  # fmt: skip
    rows = []
    for dossier in dossiers:
        lacking = []
        if dossier.pk not in asking:
            lacking.append(_("nobody is asked"))
        if dossier.pk not in moving:
            lacking.append(_("no next step is open"))
        if lacking:
            rows.append((dossier, " · ".join(lacking)))
    return rows


def uses_by_lines(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the lines that rest on facts, as far as the reader may read them."""
    uses: dict[UUID, list[Use]] = {}
    word = pgettext("issue plan", "message")
    for dossier in readable_dossiers(user).filter(
        pk__in=Fact.objects.filter(pk__in=list(keys)).order_by().values("dossier")
    ):
        url = reverse("asks:plan", args=[dossier.code])
        for line in lines_for(user, dossier).filter(facts__in=list(keys)).distinct():
            for fact in line.facts.all():
                if fact.pk in keys:
                    uses.setdefault(fact.pk, []).append(Use(str(line)[:120], url, word))
    return uses
