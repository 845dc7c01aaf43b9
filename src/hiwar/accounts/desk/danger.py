"""When it is dangerous: pause the house, print codes for it, and go on by two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts import rules
from hiwar.accounts.access import me, needs, open_to_visitors, recently_confirmed
from hiwar.accounts.actions import danger as actions
from hiwar.accounts.desk import sessions
from hiwar.accounts.models import PauseCode
from hiwar.common import pauses
from hiwar.common.dates import instant
from hiwar.common.desk.pages import attempt
from hiwar.common.health.findings import amber, green, red
from hiwar.common.models import Held
from hiwar.common.navigation import Risk
from hiwar.common.queries import names_of
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.models import User
    from hiwar.common.health.findings import Finding
    from hiwar.common.models import Pause
    from hiwar.common.pauses import Waiting


class PauseCodeForm(forms.Form):
    """One code from the paper."""

    code = forms.CharField(
        label=lazy("Code from the paper"),
        max_length=40,
        widget=forms.TextInput(
            {"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )


@dataclass(frozen=True, slots=True)
class HeldKind:
    """A kind that is held, with what waits of it, and whether the wish releases it."""

    kind: Held
    lines: list[Waiting]
    is_asked: bool


@needs(rules.can_pause_house)
@recently_confirmed
def danger(request: HttpRequest) -> HttpResponse:
    """Show how the house stands; a press of the button pauses it."""
    now, user = timezone.now(), me(request)
    if request.POST.get("act") == "pause":
        attempt(
            request,
            lambda: actions.pause_house(actor=user, at=now),
            _("The house is paused. Everybody who cannot end the pause is signed out."),
        )
        return redirect("accounts:danger")
    pause = pauses.newest_pause()
    if pause is not None and not (pause.lasts or pause.held):
        pause = None
    context = {
        "pause": pause,
        "codes_left": PauseCode.objects.filter(user=user, used_at=None).count(),
        **(_words_of(pause, user, now) if pause is not None else {}),
    }
    return render(request, "accounts/danger.html", context)


def _words_of(pause: Pause, user: User, now: datetime) -> dict[str, object]:
    """Return what the page says of a pause: who, what waits, what somebody asked for."""
    lines, names = pauses.waiting(now), names_of([pause.paused_by, pause.asked_by])
    return {
        "paused_by": names.get(pause.paused_by, ""),
        "asked_by": names.get(pause.asked_by, ""),
        "is_mine": pause.asked_by == user.reference,
        "asked_at": pause.asked_at.isoformat() if pause.asked_at else "",
        "kinds": [
            HeldKind(
                Held(kind),
                [line for line in lines if line.kind == kind],
                kind in pause.asked_kinds,
            )
            for kind in pause.held
        ],
    }


@require_POST
@needs(rules.can_pause_house)
@recently_confirmed
def ask_to_resume(request: HttpRequest) -> HttpResponse:
    """Ask that the house goes on; the kinds that are ticked are to be released."""
    attempt(
        request,
        lambda: actions.ask_to_resume(
            actor=me(request), kinds=request.POST.getlist("kinds"), at=timezone.now()
        ),
        _("Asked for. A second person agrees now."),
    )
    return redirect("accounts:danger")


@require_POST
@needs(rules.can_pause_house)
@recently_confirmed
def resume(request: HttpRequest) -> HttpResponse:
    """Agree as the second person."""
    try:
        asked_at: datetime | None = datetime.fromisoformat(request.POST.get("asked_at", ""))
    except ValueError:
        asked_at = None
    attempt(
        request,
        lambda: actions.resume(actor=me(request), asked_at=asked_at, at=timezone.now()),
        _("The house goes on. What was not released is still held."),
    )
    return redirect("accounts:danger")


@needs(rules.can_pause_house)
@recently_confirmed
def danger_codes(request: HttpRequest) -> HttpResponse:
    """Show new codes that pause the house, once."""
    user, now = me(request), timezone.now()
    context = {
        "codes_left": PauseCode.objects.filter(user=user, used_at=None).count(),
        "address": request.build_absolute_uri(reverse("accounts:pause_by_code")),
        "made_at": now,
    }
    return sessions.show_once(
        request, "pause_codes", lambda: actions.make_codes(actor=user, at=now),
        ("accounts/danger_codes.html", context), "accounts:danger",
    )  # fmt: skip


@open_to_visitors
def pause_by_code(request: HttpRequest) -> HttpResponse:
    """Take a code from paper, from anybody: it pauses the house and opens nothing."""
    form = PauseCodeForm(request.POST or None)
    if form.is_valid():
        try:
            actions.pause_by_code(
                code=form.cleaned_data["code"], address=sessions.address_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The house is paused."))
            return redirect("accounts:pause_by_code")
    context = {"form": form, "since": pauses.standing().since}
    return render(request, "accounts/pause_by_code.html", context)


def look_at_pause(_now: datetime) -> Iterator[Finding]:
    """Yield whether the house is paused, or still holds something after a pause."""
    label, stands = _("Pause"), pauses.standing()
    if stands.since is not None:
        text = _("The house is paused since %(at)s.") % {"at": instant(stands.since)}
        action = _("Two people let it go on, on the page When it is dangerous.")
        yield red("pause", label, text, action)
    elif stands.held:
        kinds = [str(kind.label) for kind in Held if kind in stands.held]
        text = _("Still held after a pause: %(kinds)s.") % {
            "kinds": pgettext("between names", ", ").join(kinds)
        }
        yield amber("pause", label, text, _("Two people release it on the same page."))
    else:
        yield green("pause", label, _("The house is not paused."))


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Tell whoever may end a pause that one lasts, or that somebody asked to go on."""
    if not rules.can_pause_house(request.user):
        return
    stands, address = pauses.known(), reverse("accounts:danger")
    if stands.since is not None:
        yield Risk(
            _("The house is paused since %(at)s.") % {"at": instant(stands.since)},
            _("Nothing is taken in, sent or published until two people let it go on."),
            address,
        )
    elif stands.held:
        yield Risk(
            _("Something is still held after a pause."),
            _("Two people release it, each kind by choice."),
            address,
        )
