"""Review at the desk: one statement at a time to one moderator, objections, the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged, part_or_404
from hiwar.common.multilingual import direction
from hiwar.common.personal.details import KINDS, private_details
from hiwar.dialogues import rules
from hiwar.dialogues.actions import moderation as act
from hiwar.dialogues.actions.statement_merges import merge_statements, split_statement
from hiwar.dialogues.desk.pages import (
    dialogue_or_404,
    page_of_dialogue,
    statement_or_404,
)
from hiwar.dialogues.forms.desk import ObjectionForm, ReasonForm, SplitForm
from hiwar.dialogues.models import Appeal, ModerationDecision, ModerationLease, Statement
from hiwar.dialogues.queries.differences import Difference, difference
from hiwar.dialogues.queries.flags import flags_of
from hiwar.dialogues.queries.moderation import (
    first_acceptance,
    latest_decision,
    moderation_log,
    offered_to,
    open_appeals,
    open_at,
    removals,
    review_queue,
)
from hiwar.dialogues.queries.statements import similar_statements

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from hiwar.common.multilingual import MultilingualText
    from hiwar.dialogues.models import Dialogue

Reason = ModerationDecision.Reason


@require_http_methods(["GET", "HEAD", "POST"])
@needs(rules.can_moderate_statement)
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Show what this moderator has open, offer to begin, or say that all is done."""
    dialogue = dialogue_or_404(code)
    if request.method == "POST":
        return _take_next(request, dialogue)
    user, now = me(request), timezone.now()
    subject = open_at(dialogue, user.pk, now)
    if subject is None:
        return page_of_dialogue(
            request,
            "review_start" if offered_to(dialogue, user.pk, now).exists() else "review_done",
            dialogue,
            tab="review",
            left=review_queue(dialogue).count(),
            objections=open_appeals(dialogue).count(),
        )
    return _review_page(
        request, dialogue, subject, ReasonForm(), SplitForm(initial=_parts(subject))
    )


def _take_next(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Take the next statement for this moderator alone; the page of review then shows it."""
    user, now = me(request), timezone.now()
    skipped = request.session.get(f"skipped-{dialogue.code}", [])
    taken = act.take_for_review(actor=user, dialogue=dialogue, now=now, skipped=skipped)
    if taken is None and skipped:
        request.session.pop(f"skipped-{dialogue.code}")
        act.take_for_review(actor=user, dialogue=dialogue, now=now)
    return redirect("dialogues:review", dialogue.code)


def _review_page(
    request: HttpRequest,
    dialogue: Dialogue,
    subject: Statement,
    form: forms.Form,
    split: forms.Form,
    *,
    unmasked: MultilingualText | None = None,
) -> HttpResponse:
    words = (unmasked or subject.shown).get(subject.language, "")
    own = subject.shown.get(subject.language, "")
    alike = [
        (near.statement.number, difference(own, near.wording))
        for near in similar_statements(dialogue, subject.text.get(subject.language, ""))
        if near.statement.pk != subject.pk
    ]
    details = private_details(subject.text.get(subject.language, ""))
    kinds = dict.fromkeys(detail.kind for detail in details)
    return page_of_dialogue(
        request,
        "review",
        dialogue,
        tab="review",
        statement=subject,
        words=words,
        language=subject.language,
        direction=direction(subject.language),
        left=review_queue(dialogue).count(),
        alike=alike,
        is_mine=ModerationLease.objects.filter(
            statement=subject, moderator=me(request), until__gt=timezone.now()
        ).exists(),
        kinds=[KINDS[kind] for kind in kinds],
        flags=flags_of(subject.shown),
        has_masks=words != subject.text.get(subject.language, ""),
        is_unmasked=unmasked is not None,
        first=first_acceptance(subject),
        needs_two=act.needs_two(subject) and subject.state != Statement.State.OPEN,
        reasons=[
            (value, label, act.default_reply(value, subject)) for value, label in Reason.choices
        ],
        form=form,
        split=split,
    )


def _parts(subject: Statement) -> dict[str, str]:
    return {"parts": subject.shown.get(subject.language, "")}


@require_POST
@needs(rules.can_moderate_statement)
def decide(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Carry out what the moderator chose: accept, reject, ask, merge, split, unmask or skip."""
    dialogue = dialogue_or_404(code)
    subject = statement_or_404(dialogue, number)
    choice = request.POST.get("decision", "")
    if choice == "skip":
        return _skip(request, dialogue, subject)
    if choice == "unmask":
        return _unmask(request, dialogue, subject)
    if choice in {"accept", "accept_details"}:
        return _accept(request, dialogue, subject, keeps_details=choice != "accept")
    if choice == "merge":
        return _merge(request, dialogue, subject)
    if choice == "split":
        return _split(request, dialogue, subject)
    if choice in {"reject", "ask"}:
        return _turn_away(request, dialogue, subject, choice)
    raise Http404


def _unmask(request: HttpRequest, dialogue: Dialogue, subject: Statement) -> HttpResponse:
    """Show the private details, once and on record; the next page masks them again."""
    text = act.unmask_statement(actor=me(request), statement=subject, now=timezone.now())
    split = SplitForm(initial=_parts(subject))
    response = _review_page(request, dialogue, subject, ReasonForm(), split, unmasked=text)
    add_never_cache_headers(response)
    return response


def _accept(
    request: HttpRequest, dialogue: Dialogue, subject: Statement, *, keeps_details: bool
) -> HttpResponse:
    is_first = act.needs_two(subject) and first_acceptance(subject) is None
    attempt(
        request,
        lambda: act.accept_statement(
            actor=me(request), statement=subject, now=timezone.now(), keeps_details=keeps_details
        ),
        _("Accepted. It is put to the vote when a second moderator accepts it too.")
        if is_first and subject.state != Statement.State.OPEN
        else _("The statement is accepted and put to the vote."),
    )
    return _take_next(request, dialogue)


def _skip(request: HttpRequest, dialogue: Dialogue, subject: Statement) -> HttpResponse:
    act.release(actor=me(request), statement=subject)
    name = f"skipped-{dialogue.code}"
    request.session[name] = [*request.session.get(name, []), subject.pk][-200:]
    return _take_next(request, dialogue)


def _turn_away(
    request: HttpRequest, dialogue: Dialogue, subject: Statement, choice: str
) -> HttpResponse:
    form = ReasonForm(request.POST)
    carry_out = act.reject_statement if choice == "reject" else act.ask_to_reword
    if form.is_valid() and attempt_with_form(
        form,
        lambda: carry_out(
            actor=me(request), statement=subject, now=timezone.now(), **form.cleaned_data
        ),
    ):
        done = {
            "reject": _("The statement is not accepted; its author is told why."),
            "ask": _("The author is asked for other words; the statement waits until they come."),
        }
        messages.success(request, done[choice])
        return _take_next(request, dialogue)
    return _review_page(request, dialogue, subject, form, SplitForm(initial=_parts(subject)))


def _merge(request: HttpRequest, dialogue: Dialogue, subject: Statement) -> HttpResponse:
    """Show both texts side by side with the words that differ; merge on the second word."""
    kept = statement_or_404(dialogue, request.POST.get("kept", ""))
    if "seen" not in request.POST:
        return page_of_dialogue(
            request,
            "merge",
            dialogue,
            tab="review",
            statement=subject,
            kept=kept,
            compared=_nearest(subject, kept),
            count=kept.votes.count(),
        )
    attempt(
        request,
        lambda: merge_statements(actor=me(request), kept=kept, merged=subject, now=timezone.now()),
        _("The statement is merged; its votes count for the one that stays."),
    )
    return _take_next(request, dialogue)


def _nearest(subject: Statement, kept: Statement) -> Difference:
    """Return how two statements differ in the language in which they differ least."""
    own = subject.shown.get(subject.language, "")
    sides = [difference(own, wording) for wording in kept.shown.values()]
    return min(sides, key=lambda side: sum(differs for _word, differs in side.first + side.second))


def _split(request: HttpRequest, dialogue: Dialogue, subject: Statement) -> HttpResponse:
    form = SplitForm(request.POST)
    if attempt_and_say(
        request,
        form,
        lambda: split_statement(
            actor=me(request),
            statement=subject,
            texts=form.cleaned_data["parts"].splitlines(),
            now=timezone.now(),
        ),
        _("Each idea is now a statement of its own."),
    ):
        return _take_next(request, dialogue)
    return _review_page(request, dialogue, subject, ReasonForm(), form)


@needs(rules.can_moderate_statement)
def review_statement(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Review a statement out of turn, such as one that is open already."""
    dialogue = dialogue_or_404(code)
    subject = statement_or_404(dialogue, number)
    return _review_page(
        request, dialogue, subject, ReasonForm(), SplitForm(initial=_parts(subject))
    )


@needs(rules.can_moderate_statement)
def objections(request: HttpRequest, code: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    viewer = me(request)
    listed = []
    for appeal in open_appeals(dialogue):
        decision = latest_decision(appeal.statement)
        is_mine = decision is not None and decision.moderator_id == viewer.pk
        listed.append((appeal, decision, is_mine, ObjectionForm(prefix=str(appeal.pk))))
    return page_of_dialogue(request, "objections", dialogue, tab="review", objections=listed)


@require_POST
@needs(rules.can_moderate_statement)
def answer(request: HttpRequest, code: str, key: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    appeals = Appeal.objects.filter(statement__dialogue=dialogue)
    subject = part_or_404(appeals, key)
    form = ObjectionForm(request.POST, prefix=str(subject.pk))
    if not form.is_valid():
        messages.error(request, _("Write an answer to the author first. Nothing was decided."))
        return redirect("dialogues:objections", code)
    attempt(
        request,
        lambda: act.answer_appeal(
            actor=me(request),
            appeal=subject,
            is_upheld=request.POST.get("outcome") == "upheld",
            answer=form.cleaned_data["answer"],
            now=timezone.now(),
        ),
        _("The objection is answered."),
    )
    return redirect("dialogues:objections", code)


@needs(rules.can_see_dialogue)
def log(request: HttpRequest, code: str) -> HttpResponse:
    """Every decision, and the account of review that the public reads."""
    dialogue = dialogue_or_404(code)
    account = removals(dialogue)
    return page_of_dialogue(
        request,
        "log",
        dialogue,
        tab="review",
        account=account,
        reasons=[(Reason(code).label, count) for code, count in account.by_reason],
        **paged(request, moderation_log(dialogue)),
    )
