"""The inbox of review: what waits in all dialogues, in groups, decided about several at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hiwar.accounts.access import me, needs
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page
from hiwar.common.desk.pages import paged, part_or_404
from hiwar.common.refusals import Refused
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.actions import review_batches as act
from hiwar.dialogues.forms.desk import SharedReasonForm
from hiwar.dialogues.models import ReviewBatch, Statement
from hiwar.dialogues.queries import inbox as query
from hiwar.dialogues.queries.moderation import waiting_for_review

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from hiwar.common.desk.lists import Option
    from hiwar.dialogues.queries.inbox import Group, Inbox

UNDONE_WITHIN = timedelta(days=1)
OFFERED = 5
DECISIONS = ("accept", "reject", "merge")


@needs(rules.can_moderate_statement)
@require_safe
def review_inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits, what came in most often first, and what was decided together lately."""
    dialogues = query.dialogues_with_review()
    code = choice_of(request, "dialogue", [dialogue.code for dialogue, _n in dialogues])
    show = choice_of(request, "show", [*query.Show])
    now = timezone.now()
    waits = query.inbox(me(request).pk, now, code)
    shown = [group for group in waits.groups if group.is_shown(show)]
    chosen = {"dialogue": code, "show": show}
    page = paged(request, shown)
    in_dialogues = [(each.code, str(each.title), n) for each, n in dialogues]
    everywhere = ("", _("All dialogues"), sum(n for _code, _title, n in in_dialogues))
    by_dialogue = filter_links("dialogue", code, [everywhere, *in_dialogues], chosen)
    by_kind = filter_links("show", show, _kinds(waits), chosen, with_none=False)
    listing = Listing(
        title=_("Inbox of review"),
        url=reverse("dialogues:inbox"),
        everything=_("All that waits for review"),
        no_match=_("Nothing of this kind waits"),
        none_yet=_("Nothing waits for review"),
        why=_("Every statement has been looked at."),
    )
    return list_page(
        request,
        "dialogues/desk/inbox.html",
        listing,
        page=page,
        rows=page["page"].object_list,
        filters=[
            (_("By dialogue"), by_dialogue if len(dialogues) > 1 else []),
            ("", by_kind if waits.groups else []),
        ],
        chosen=chosen,
        waits=waits,
        batches=query.batches_to_undo(now - UNDONE_WITHIN)[:OFFERED],
        objections=query.dialogues_with_objections(),
        narrowed_to=code,
    )


def _kinds(waits: Inbox) -> list[Option]:
    labels = {
        query.Show.COPIES: _("came in more than once"),
        query.Show.FLAGGED: _("with words on the list"),
        query.Show.AGAIN: _("not accepted before"),
        query.Show.NEAR: _("close to an open one"),
        query.Show.DETAILS: _("with private details"),
    }
    return [
        ("", _("All"), len(waits.groups)),
        *(
            (show.value, label, sum(group.is_shown(show) for group in waits.groups))
            for show, label in labels.items()
        ),
    ]


@require_POST
@needs(rules.can_moderate_statement)
def decide_together(request: HttpRequest) -> HttpResponse:
    """Show what a decision is about, word for word; carry it out on the second word."""
    decision = request.POST.get("decision", "")
    back = reverse("dialogues:inbox")
    if decision not in DECISIONS:
        return redirect(back)
    if "seen" not in request.POST:
        chosen = set(request.POST.getlist("group"))
        now = timezone.now()
        groups = [
            group
            for group in query.inbox(me(request).pk, now).groups
            if str(group.first.statement.pk) in chosen
        ]
        return _ask(request, decision, groups, SharedReasonForm(initial=_reason(groups)))
    chosen_statements = _chosen(request.POST.getlist("statement"))
    form = SharedReasonForm(request.POST)
    if decision == "reject" and not form.is_valid():
        return _ask(request, decision, query.grouped(chosen_statements), form)
    try:
        together = _carry_out(request, decision, chosen_statements, form)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        _say(request, decision, together)
    return redirect(back)


def _ask(
    request: HttpRequest, decision: str, groups: Iterable[Group], form: SharedReasonForm
) -> HttpResponse:
    listed = list(groups)
    if not listed:
        messages.error(request, str(act.NothingChosen.message))
        return redirect("dialogues:inbox")
    return render(
        request,
        "dialogues/desk/inbox_decide.html",
        {
            "decision": decision,
            "groups": listed,
            "count": sum(len(group.members) for group in listed),
            "form": form,
            "two_needed": any(group.first.statement.dialogue.risk == "high" for group in listed),
        },
        status=422 if form.errors else 200,
    )


def _reason(groups: Iterable[Group]) -> dict[str, str]:
    """Return the reason that all were turned away for before, to begin with."""
    reasons = {group.before.reason if group.before else "" for group in groups}
    return {"reason": reasons.pop()} if len(reasons) == 1 else {}


def _chosen(keys: Iterable[str]) -> list[Statement]:
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    return list(waiting_for_review().filter(pk__in=numbers).select_related("dialogue", "author"))


def _carry_out(
    request: HttpRequest, decision: str, statements: list[Statement], form: SharedReasonForm
) -> act.Together:
    actor, now = me(request), timezone.now()
    if decision == "accept":
        return act.accept_together(actor=actor, statements=statements, now=now)
    if decision == "reject":
        reason = form.cleaned_data["reason"]
        return act.reject_together(actor=actor, statements=statements, reason=reason, now=now)
    copies: dict[int, list[Statement]] = {}
    for statement in statements:
        kept = request.POST.get(f"kept-{statement.pk}", "")
        if kept.isascii() and kept.isdigit():
            copies.setdefault(int(kept[:18]), []).append(statement)
    stay = Statement.objects.filter(pk__in=list(copies)).order_by("pk")
    groups = [(kept, copies[kept.pk]) for kept in stay]
    return act.merge_together(actor=actor, groups=groups, now=now)


def _say(request: HttpRequest, decision: str, together: act.Together) -> None:
    if together.batch is not None:
        count = together.batch.count
        done = {
            "accept": ngettext(
                "%(n)s statement is accepted.", "%(n)s statements are accepted.", count
            ),
            "reject": ngettext(
                "%(n)s statement is not accepted; its author is told why.",
                "%(n)s statements are not accepted; their authors are told why.",
                count,
            ),
            "merge": ngettext(
                "%(n)s decision: copies are merged, with their votes.",
                "%(n)s decisions: copies are merged, with their votes.",
                count,
            ),
        }
        messages.success(request, done[decision] % {"n": number(count)})
    for why in dict.fromkeys(str(why) for _statement, why in together.refused):
        stayed = sum(str(each) == why for _statement, each in together.refused)
        text = ngettext(
            "%(n)s statement stays as it was: %(why)s",
            "%(n)s statements stay as they were: %(why)s",
            stayed,
        )
        messages.error(request, text % {"n": number(stayed), "why": why})


@require_POST
@needs(rules.can_moderate_statement)
def undo(request: HttpRequest, key: str) -> HttpResponse:
    batch = part_or_404(ReviewBatch.objects.all(), key)
    try:
        undone, stay = act.undo_together(actor=me(request), batch=batch, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("dialogues:inbox")
    if undone:
        text = ngettext(
            "%(n)s statement waits for review again.",
            "%(n)s statements wait for review again.",
            undone,
        )
        messages.success(request, text % {"n": number(undone)})
    if stay:
        text = ngettext(
            "%(n)s statement was decided about again since then and stays.",
            "%(n)s statements were decided about again since then and stay.",
            stay,
        )
        messages.error(request, text % {"n": number(stay)})
    return redirect("dialogues:inbox")
