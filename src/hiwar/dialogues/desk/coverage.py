"""Who takes part, against the plan, and who is missing: never a number below the threshold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.dialogues import rules
from hiwar.dialogues.actions import dialogues as act
from hiwar.dialogues.desk.pages import dialogue_or_404, page_of_dialogue
from hiwar.dialogues.forms.desk import TargetForm
from hiwar.dialogues.queries.coverage import cross_coverage, missing, public_coverage
from hiwar.dialogues.queries.templates import PLACE, target_groups

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.dialogues.models import Dialogue

SHOWN = ("sex", "age_band", "disability", "place", "sector")
ABSENT_SHOWN = 40
ABSENT_BEFORE_CLOSING = 12


@needs(rules.can_see_dialogue)
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    may_run = rules.can_run_dialogue(request.user)
    form = TargetForm(request.POST if may_run and request.POST else None)
    if attempt_and_say(
        request, form, lambda: _set_target(request, dialogue, form), _("The target is saved.")
    ):
        return redirect("dialogues:coverage", code)
    covered = public_coverage(dialogue)
    crossing = cross_coverage(dialogue, "place", "sex") if covered.places else None
    titles = attribute_titles()
    absent = missing(dialogue)
    return page_of_dialogue(
        request,
        "coverage",
        dialogue,
        tab="coverage",
        form=form,
        coverage=covered,
        spreads=[(titles[name], covered.spreads[name]) for name in SHOWN],
        crossing=crossing,
        crossed_rows=list(zip(crossing.rows, crossing.cells, strict=True)) if crossing else [],
        absent=absent[:ABSENT_SHOWN],
        absent_more=max(len(absent) - ABSENT_SHOWN, 0),
        targets=list(dialogue.targets.order_by("attribute", "pk")),
    )


def attribute_titles() -> dict[str, str]:
    """Return how the questions about people are called."""
    return {
        "sex": _("Women and men"),
        "age_band": _("Age"),
        "disability": _("Disability"),
        "place": _("Places"),
        "sector": _("Sectors"),
    }


def _set_target(request: HttpRequest, dialogue: Dialogue, form: TargetForm) -> None:
    wanted = form.cleaned_data["wanted"]
    chosen = form.cleaned_data["group"]
    group = target_groups()[chosen]
    is_count = group.attribute == PLACE
    act.set_target(
        actor=me(request),
        dialogue=dialogue,
        attribute=group.attribute,
        values=list(group.values),
        label=group.name,
        share=None if is_count else Decimal(wanted) / 100,
        count=wanted if is_count else None,
        now=timezone.now(),
    )


@require_POST
@needs(rules.can_run_dialogue)
def remove_target(request: HttpRequest, code: str, key: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    target = part_or_404(dialogue.targets, key)
    attempt(
        request,
        lambda: act.remove_target(actor=me(request), target=target, now=timezone.now()),
        _("The target is removed."),
    )
    return redirect("dialogues:coverage", code)


def who_is_missing(dialogue: Dialogue) -> dict[str, object]:
    """Return what a page says before something closes: targets not met, places without people."""
    absent = missing(dialogue)
    covered = public_coverage(dialogue)
    return {
        "coverage": covered,
        "behind": [reached for reached in covered.targets if not reached.is_met],
        "absent": absent[:ABSENT_BEFORE_CLOSING],
        "absent_more": max(len(absent) - ABSENT_BEFORE_CLOSING, 0),
    }
