"""Laws at the desk: their line in the menu, and what they owe the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from hiwar.accounts.models import User
from hiwar.common.navigation import Due, Entry
from hiwar.legislation import rules
from hiwar.legislation.queries.deadlines import deadlines_of, urgent
from hiwar.legislation.queries.following import followed_laws, news_since
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MOST = 12


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_laws(request.user) and bool(request.session.get("factor"))


def _may_edit_procedures(request: HttpRequest) -> bool:
    return rules.can_edit_procedures(request.user) and bool(request.session.get("factor"))


MENU = (
    Entry(44, gettext_lazy("Laws"), "law", "legislation:list", _may_see),
    Entry(
        89, gettext_lazy("Procedures of laws"), "step", "legislation:procedures",
        _may_edit_procedures,
    ),
)  # fmt: skip


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the deadlines of the laws that somebody owns or follows, and what is new in these."""
    user = request.user
    if not isinstance(user, User) or not rules.can_see_laws(user):
        return
    now = timezone.now()
    followed = followed_laws(user)
    mine = laws_for(user).filter(Q(owner=user) | Q(pk__in=list(followed)))
    laws = {law.pk: law for law in mine.select_related("owner")}
    for deadline in urgent(deadlines_of(user, laws.values(), now), now)[:MOST]:
        law = laws[deadline.law]
        url = reverse("legislation:law", args=[law.pk])
        if deadline.consultation is not None:
            url = reverse("legislation:consultation", args=[deadline.consultation.pk])
        yield Due(
            str(law), deadline.text, url, on=deadline.day, who=str(law.owner or ""),
            is_mine=law.owner_id == user.pk,
        )  # fmt: skip
    counts: dict[object, int] = {}
    for news in news_since(user, {key: seen_at for key, (_law, seen_at) in followed.items()}):
        counts[news.law] = counts.get(news.law, 0) + 1
    for key, (law, _seen_at) in followed.items():
        if count := counts.get(key, 0):
            text = ngettext("%(n)s thing is new", "%(n)s things are new", count) % {"n": count}
            yield Due(str(law), text, f"{reverse('legislation:law', args=[key])}#news")
