"""How the house is: one sentence, then what needs somebody now, later, and what is well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.accounts import queries, rules
from hiwar.accounts.access import needs
from hiwar.common.health.findings import State, amber, examine, green, in_one_sentence, red
from hiwar.common.jobs.overview import duty_lines
from hiwar.common.links.queries import open_links
from hiwar.common.queries import exports_since

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from hiwar.common.health.findings import Finding


FORGOTTEN, WEEK = timedelta(days=180), timedelta(days=7)
# What an administrator asks first, in this order.
SECURITY = (
    "backups",
    "updates",
    "restart",
    "second_factors",
    "administrators",
    "private_links",
    "exports",
)


@needs(rules.can_look_after_house)
def house(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    findings = examine(now)
    context = {
        "security": [finding for code in SECURITY for finding in findings if finding.code == code],
        "sentence": in_one_sentence(findings),
        "worst": findings[0].state if findings else State.GREEN,
        "now": [finding for finding in findings if finding.state == State.RED],
        "later": [finding for finding in findings if finding.state == State.AMBER],
        "well": [finding for finding in findings if finding.state == State.GREEN],
        "duties": duty_lines(now),
        "may_move": rules.can_see_house_exports(request.user),
    }
    return render(request, "accounts/house.html", context)


def look_at_doors(now: datetime) -> Iterator[Finding]:
    """Yield how many private links are open, and what left the house in the last seven days."""
    label = _("Private links")
    links = open_links(now)
    count = links.count()
    text = ngettext("%(n)d link is open.", "%(n)d links are open.", count) % {"n": count}
    forgotten = links.filter(ends_on=None, made_at__lt=now - FORGOTTEN).count()
    if forgotten:
        old = ngettext(
            "%(n)d of them is older than half a year and never ends.",
            "%(n)d of them are older than half a year and never end.",
            forgotten,
        ) % {"n": forgotten}
        action = _("Withdraw what nobody needs any more, in the rooms that gave it out.")
        yield amber("private_links", label, f"{text} {old}", action)
    else:
        yield green("private_links", label, text)
    count = exports_since(now - WEEK).count()
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
