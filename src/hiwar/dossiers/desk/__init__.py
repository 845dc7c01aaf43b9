"""The screens of the room, their lines in the desk's menu, and what they tell the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.common import dates
from hiwar.common.navigation import Due, Entry, Risk
from hiwar.common.templatetags.components import number
from hiwar.dossiers import rules
from hiwar.dossiers.queries.facts import stale_facts
from hiwar.dossiers.queries.signing import waiting_statements
from hiwar.dossiers.queries.today import due_steps, long_asleep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from hiwar.accounts.models import User

NAMED_AT_ONCE = 3


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_dossiers(request.user) and bool(request.session.get("factor"))


MENU = (
    Entry(14, gettext_lazy("Dossiers"), "dossier", "dossiers:list", _may_see),
    Entry(15, gettext_lazy("Joint statements"), "edit", "dossiers:all_statements", _may_see),
    Entry(16, gettext_lazy("Strategy"), "strategy", "dossiers:strategy", _may_see),
    Entry(18, gettext_lazy("Barriers"), "barrier", "dossiers:barriers", _may_see),
)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the steps that are due within a week: one's own, and of others for who decides."""
    user = _reader(request)
    if user is None:
        return
    follows = rules.can_decide_state(user)
    for step in due_steps(user, timezone.localdate()):
        is_mine = step.owner_id == user.pk
        if is_mine or follows:
            yield Due(
                title=str(step.dossier.title),
                text=str(step.what),
                url=f"{reverse('dossiers:steps', args=[step.dossier.code])}#step-{step.pk}",
                on=step.due_on,
                who=str(step.owner),
                is_mine=is_mine,
            )


def statements_due(request: HttpRequest) -> Iterator[Due]:
    """Yield joint statements whose last day of signing is near or past, with who is silent."""
    user = _reader(request)
    if user is None:
        return
    follows = rules.can_decide_state(user)
    for text, silent, whole in waiting_statements(user, timezone.localdate()):
        statement = text.statement
        is_mine = statement.owner_id == user.pk
        if not is_mine and not follows:
            continue
        sentence = ngettext(
            "%(title)s: last day for signing; %(n)s of %(whole)s has not answered",
            "%(title)s: last day for signing; %(n)s of %(whole)s have not answered",
            silent,
        )
        yield Due(
            title=str(statement.dossier.title),
            text=sentence % {"title": text.title, "n": number(silent), "whole": number(whole)},
            url=reverse("signatures:signing", args=[statement.signing_id]),
            on=statement.sign_by,
            who=str(statement.owner or ""),
            is_mine=is_mine,
        )


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Yield facts that nobody has checked, by dossier, and dossiers that sleep for long."""
    user = _reader(request)
    if user is None or not rules.can_edit_dossiers(user):
        return
    today = timezone.localdate()
    waiting: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for fact in stale_facts(user, today):
        waiting.setdefault(fact.dossier.code, []).append(str(fact.text))
        titles[fact.dossier.code] = str(fact.dossier.title)
    for code, facts in waiting.items():
        text = ngettext(
            "%(n)s fact has not been checked for 12 months",
            "%(n)s facts have not been checked for 12 months",
            len(facts),
        )
        url = reverse("dossiers:facts", args=[code])
        yield Risk(titles[code], text % {"n": number(len(facts))}, url)
    if not rules.can_decide_state(user):
        return
    for dossier, since in long_asleep(user, today)[:NAMED_AT_ONCE]:
        text = _("dormant since %(day)s") % {"day": dates.day(since)}
        yield Risk(str(dossier.title), text, reverse("dossiers:dossier", args=[dossier.code]))


def _reader(request: HttpRequest) -> User | None:
    user = request.user
    return user if user.is_authenticated and rules.can_see_dossiers(user) else None
