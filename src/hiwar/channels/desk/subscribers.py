"""The newsletter's list at the desk: who is on it, what waits, what rests and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.accounts.access import me, needs
from hiwar.channels import rules
from hiwar.channels.actions import subscribers as act
from hiwar.channels.desk.pages import show, show_list
from hiwar.channels.exports.subscribers import list_file
from hiwar.channels.forms import ListFileForm
from hiwar.channels.models import Subscriber
from hiwar.channels.queries.subscribers import (
    rest_days,
    shown_address,
    subscriber_counts,
    subscribers_for,
)
from hiwar.common.desk.lists import Listing, choice_of, filter_links, words_of
from hiwar.common.desk.pages import attempt, key_or_404, paged
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

State = Subscriber.State
TONES: dict[str, str] = {
    State.PENDING: "notice", State.CONFIRMED: "primary", State.RESTING: "danger", State.LEFT: "",
}  # fmt: skip


@needs(rules.can_see_outbox)
def list_subscribers(request: HttpRequest) -> HttpResponse:
    """List who gets the newsletter, by state and language; let addresses go on that rest."""
    user = me(request)
    if request.method == "POST":
        _lift(request)
        return redirect(request.get_full_path())
    names = dict(settings.LANGUAGES)
    may_see = rules.can_see_subscribers(user)
    words = words_of(request) if may_see else ""
    state = choice_of(request, "state", State.values)
    language = choice_of(request, "language", dict(settings.LANGUAGES))
    page = paged(request, subscribers_for(user, words, state, language), 50)
    rows = [
        (
            subscriber,
            shown_address(user, subscriber),
            names.get(subscriber.language, subscriber.language),
            _words_of(subscriber, names),
            TONES[subscriber.state],
        )
        for subscriber in page["page"].object_list
    ]
    counts = subscriber_counts(user)
    kept = {"q": words, "state": state, "language": language}
    states = [("", _("All"), None)] + [
        (code, label, sum(n for of, _in, n in counts if of == code))
        for code, label in State.choices
    ]  # fmt: skip
    languages = [("", _("All languages"), None)] + [
        (code, label, sum(n for of, spoken, n in counts if spoken == code and state in {"", of}))
        for code, label in settings.LANGUAGES
    ]  # fmt: skip
    many = page["page"].paginator.count
    counted = ngettext("%(n)s subscriber", "%(n)s subscribers", many) % {"n": number(many)}
    listing = Listing(
        title=_("Subscribers"), url=reverse("channels:subscribers"), everything=_("Everybody"),
        no_match=_("Nobody matches"), none_yet=_("Nobody has asked for the newsletter yet"),
        why=_("Whoever asks on the site and confirms by the link in a letter stands here."),
        search=_("Search in addresses") if may_see else "",
    )  # fmt: skip
    return show_list(
        request, "subscribers", listing, page=page, rows=rows, words=words, chosen=kept,
        filters=[
            (_("State"), filter_links("state", state, states, kept)),
            (_("Language of letters"), filter_links("language", language, languages, kept)),
        ],
        count=counted, may_see=may_see, rest_days=rest_days(user),
    )  # fmt: skip


def _words_of(subscriber: Subscriber, names: Mapping[str, str]) -> str:
    """Return number and language of the words that somebody agreed to."""
    wording = subscriber.wording
    return f"{wording.number} · {names.get(wording.language, '')}" if wording else ""


@needs(rules.can_see_subscribers)
def take_list(request: HttpRequest) -> HttpResponse:
    """Take the list along as a file, with a reason that stands in the log."""
    user = me(request)
    subscribers = subscribers_for(user).exclude(state=State.LEFT)
    form = ListFileForm(request.POST or None)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        listed = list(subscribers)
        act.record_export(
            actor=user, kind=kind, count=len(listed), reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )  # fmt: skip
        name = f"subscribers-{timezone.localdate():%Y-%m-%d}.{kind}"
        return file_response(list_file(user, listed, kind), name)
    many = subscribers.count()
    text = ngettext("%(n)s address leaves the house.", "%(n)s addresses leave the house.", many)
    return show(request, "subscribers_file", form=form, lead=text % {"n": number(many)})


def _lift(request: HttpRequest) -> None:
    """Let one address go on that rests, or all that rest since a day."""
    user, now = me(request), timezone.now()
    done = _("The next issue goes there again.")
    if day := parse_date(request.POST.get("day", "")[:10]):
        attempt(request, lambda: act.lift_rests_of_day(actor=user, day=day, now=now), done)
        return
    key = key_or_404(request.POST.get("subscriber", ""))
    subscriber = get_object_or_404(subscribers_for(user), pk=key)
    attempt(request, lambda: act.lift_rest(actor=user, subscriber=subscriber, now=now), done)
