"""How the house is: one sentence, then what needs somebody now, later, and what is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from hiwar.accounts import rules
from hiwar.accounts.access import needs
from hiwar.common.health.findings import State, examine, in_one_sentence
from hiwar.common.jobs.overview import duty_lines

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_look_after_house)
def house(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    findings = examine(now)
    context = {
        "sentence": in_one_sentence(findings),
        "worst": findings[0].state if findings else State.GREEN,
        "now": [finding for finding in findings if finding.state == State.RED],
        "later": [finding for finding in findings if finding.state == State.AMBER],
        "well": [finding for finding in findings if finding.state == State.GREEN],
        "duties": duty_lines(now),
        "may_pause": rules.can_pause_house(request.user),
        "may_move": rules.can_see_house_exports(request.user),
    }
    return render(request, "accounts/house.html", context)
