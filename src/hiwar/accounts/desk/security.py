"""The security of the house on one page: each thing with its state, what it is, and what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hiwar.accounts import queries, rules
from hiwar.accounts.access import me, needs, recently_confirmed
from hiwar.accounts.actions import doors
from hiwar.common.desk.pages import attempt
from hiwar.common.health.findings import (
    ORDER,
    State,
    amber,
    examine,
    green,
    in_one_sentence,
    red,
)
from hiwar.common.health.keys import key_dates
from hiwar.common.links.queries import forgotten_links, open_kinds
from hiwar.common.queries import activities, audit_entries, exports_since, verb_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.models import User
    from hiwar.common.health.findings import Finding
    from hiwar.common.links.queries import OpenKind

WEEK = timedelta(days=7)
# Locked out so often within a week is more than a colleague who mistypes.
MANY_PAUSES = 5
TONES = {State.RED: "danger", State.AMBER: "notice", State.GREEN: "success"}
PAUSE = "accounts.user.pause_sign_in"
# The sections of the page, in the order in which they are asked for, and whose findings are theirs.
SECTIONS = {
    "backups": (
        "backups",
        "backup_proof",
        "backup_copy",
        "backup_keys",
        "backup_recipients",
        "backup_disk",
        "erased_list",
    ),
    "updates": ("updates", "restart", "version"),
    "people": ("second_factors", "administrators"),
    "links": ("private_links",),
    "exports": ("exports",),
    "sign_ins": ("sign_ins",),
    "keys": ("keys", "key_files"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One thing as the page shows it: its findings, the worst first."""

    code: str
    findings: list[Finding]

    @property
    def answer(self) -> Finding:
        """What its line at the top says first: what was asked for, such as the backup's age."""
        first = SECTIONS[self.code][0]
        return next((line for line in self.findings if line.code == first), self.findings[0])

    @property
    def worst(self) -> Finding:
        """What is worst of it; its line says this too where the answer is not as bad."""
        return self.findings[0] if self.findings[0].state != self.answer.state else self.answer


@dataclass(frozen=True, slots=True)
class KindLine:
    """Open links of one kind; ``url`` is the page that withdraws each, where the reader may."""

    kind: OpenKind
    url: str


@needs(rules.can_look_after_house)
def security(request: HttpRequest) -> HttpResponse:
    viewer, now = me(request), timezone.now()
    sections = sections_of(examine(now))
    findings = sorted(
        (finding for section in sections for finding in section.findings),
        key=lambda finding: ORDER.index(finding.state),
    )
    sees_log = rules.can_see_activity(viewer)
    exported = exports_since(now - WEEK)
    context = {
        "sections": sections,
        "sentence": in_one_sentence(findings),
        "tone": TONES[findings[0].state if findings else State.GREEN],
        "by_code": {section.code: section for section in sections},
        "backup_to": settings.BACKUP_TO,
        "sees_staff": rules.can_see_staff(viewer),
        "unprotected": list(queries.staff_without_second_factor()),
        "kinds": [KindLine(kind, page_of(kind, viewer)) for kind in open_kinds(now)],
        "sees_log": sees_log,
        "exports": activities(exported) if sees_log else [],
        "export_kinds": [] if sees_log else counted(exported.values_list("verb", flat=True)),
        "pauses": activities(audit_entries(verb=PAUSE).filter(at__gt=now - WEEK))
        if sees_log
        else [],
        "may_end_sessions": rules.can_invite_staff(viewer),
        "keys": key_dates(now),
    }
    return render(request, "accounts/security.html", context)


@require_POST
@needs(rules.can_look_after_house)
@recently_confirmed
def withdraw_forgotten(request: HttpRequest) -> HttpResponse:
    """Withdraw the links of one kind that nobody uses any more."""
    attempt(
        request,
        lambda: doors.withdraw_forgotten(
            actor=me(request), purpose=request.POST.get("kind", ""), now=timezone.now()
        ),
        _("They are withdrawn; their addresses open nothing any more."),
    )
    return redirect(f"{reverse('accounts:security')}#links")


@require_POST
@needs(rules.can_invite_staff)
@recently_confirmed
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Sign everybody out but in this browser."""
    attempt(
        request,
        lambda: doors.end_all_sessions(
            actor=me(request), keep=request.session.session_key or "", at=timezone.now()
        ),
        _("Everybody else is signed out, and so are you in other browsers."),
    )
    target = "accounts:security" if rules.can_look_after_house(me(request)) else "accounts:staff"
    return redirect(target)


def sections_of(findings: list[Finding]) -> list[Section]:
    """Return the sections of the page that have anything to say; findings stay in their order."""
    sections = [
        Section(code, [finding for finding in findings if finding.code in codes])
        for code, codes in SECTIONS.items()
    ]
    return [section for section in sections if section.findings]


def page_of(kind: OpenKind, viewer: User) -> str:
    """Return the address at which links of a kind are withdrawn; empty where it is shut to them."""
    if not kind.desk:
        return ""
    address = reverse(kind.desk)
    rule = getattr(resolve(address).func, "desk_rule", None)
    return address if rule is None or rule(viewer) else ""


def counted(verbs: Iterable[str]) -> list[tuple[str, int]]:
    """Return how often each thing was done, in words."""
    return [(verb_label(code), count) for code, count in Counter(verbs).most_common()]


def look_at_doors(now: datetime) -> Iterator[Finding]:
    """Yield how many links are open, and what left the house in the last seven days."""
    label = _("Links that are open")
    kinds = open_kinds(now)
    count = sum(kind.count for kind in kinds)
    text = ngettext("%(n)d link is open.", "%(n)d links are open.", count) % {"n": count}
    if forgotten := forgotten_links(now).count():
        old = ngettext(
            "%(n)d of them never ends and was not used for half a year.",
            "%(n)d of them never end and were not used for half a year.",
            forgotten,
        ) % {"n": forgotten}
        action = _("Withdraw them on the page Security, or each in the room that gave it out.")
        yield amber("private_links", label, f"{text} {old}", action)
    else:
        yield green("private_links", label, text)
    count = exports_since(now - WEEK).count()
    text = _("Nothing left the house in the last seven days.")
    if count:
        text = ngettext(
            "%(n)d list left the house in the last seven days.",
            "%(n)d lists left the house in the last seven days.",
            count,
        ) % {"n": count}
    yield green("exports", _("Exports"), text)


def look_at_people(_now: datetime) -> Iterator[Finding]:
    """Yield whether accounts are protected, and whether the house hangs on one person."""
    label = _("Second factors")
    bare = queries.staff_without_second_factor().count()
    if bare:
        text = ngettext(
            "%(n)d person has no second factor.", "%(n)d people have no second factor.", bare
        ) % {"n": bare}
        yield amber("second_factors", label, text, _("The page of staff says who: ask them."))
    else:
        yield green("second_factors", label, _("Everybody has one."))
    label = _("Administrators")
    keepers = queries.people_who_may("accounts.invite_staff")
    action = _("Give a second person a role that invites staff; hiwar let_in helps back in.")
    if not keepers:
        yield red("administrators", label, _("Nobody can invite staff or let them in."), action)
    elif keepers == 1:
        yield amber("administrators", label, _("One person alone can let others in."), action)
    else:
        yield green("administrators", label, _("More than one person can let others in."))


def look_at_sign_ins(now: datetime) -> Iterator[Finding]:
    """Yield who is signed in, and whether somebody tries to be: counts, never addresses."""
    label = _("Sign-ins")
    people = queries.signed_in(now - timedelta(seconds=settings.SESSION_COOKIE_AGE))
    text = ngettext("%(n)d person is signed in.", "%(n)d people are signed in.", people) % {
        "n": people
    }
    pauses = audit_entries(verb=PAUSE).filter(at__gt=now - WEEK).count()
    if pauses:
        failed = ngettext(
            "%(n)d time within seven days failed tries locked an account out for a while.",
            "%(n)d times within seven days failed tries locked an account out for a while.",
            pauses,
        ) % {"n": pauses}
        text = f"{text} {failed}"
    if pauses >= MANY_PAUSES:
        action = _("Ask whose account it was whether they tried; whoever did not needs a passkey.")
        yield amber("sign_ins", label, text, action)
    else:
        yield green("sign_ins", label, text)
