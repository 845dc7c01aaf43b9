"""What files leave for people: messages to read, forms to compare, registrations of one person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_with_form, key_of, paged, part_or_404
from hiwar.common.imports.queries import runs_of
from hiwar.common.queries import names_of
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.actions import merges as merging
from hiwar.dialogues.actions.imports import message_review
from hiwar.dialogues.desk.imports import KINDS
from hiwar.dialogues.desk.pages import dialogue_or_404, page_of_dialogue
from hiwar.dialogues.forms.imports import SettleForm
from hiwar.dialogues.queries.imports import (
    KIND,
    checks_of,
    open_messages,
    open_proposals,
    settled_proposals,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.dialogues.models import Dialogue, MergeProposal


@needs(rules.can_import_file)
def imports(request: HttpRequest, code: str) -> HttpResponse:
    """List the files of a dialogue, and what they leave for people to do."""
    dialogue = dialogue_or_404(code)
    runs = paged(request, runs_of([KIND], dialogue.pk))
    names = names_of(run.made_by for run in runs["page"])
    return page_of_dialogue(
        request,
        "imports",
        dialogue,
        tab="imports",
        address=reverse("accounts:import_files_of", args=[KIND, dialogue.pk]),
        rows=[
            (run, KINDS.get(run.options.get("kind", ""), ""), names.get(run.made_by, ""))
            for run in runs["page"]
        ],
        messages_open=open_messages(dialogue).count(),
        checks_open=checks_of(dialogue).filter(result="").count(),
        proposals=open_proposals(dialogue).count(),
        **runs,
    )


@needs(rules.can_import_file)
def compare_forms(request: HttpRequest, code: str) -> HttpResponse:
    """Show the paper forms that were drawn, and take what a second person saw on the paper."""
    dialogue = dialogue_or_404(code)
    checks = checks_of(dialogue)
    if request.method == "POST":
        check = part_or_404(checks, request.POST.get("check", ""))
        is_same = request.POST.get("result") == "same"
        attempt(
            request,
            lambda: message_review.check_form(
                actor=me(request), check=check, is_same=is_same, now=timezone.now()
            ),
            _("The comparison is recorded."),
        )
        return redirect("dialogues:compare_forms", code)
    mine = me(request).reference
    return page_of_dialogue(
        request,
        "import_checks",
        dialogue,
        tab="imports",
        checks=[(check, check.run.made_by == mine) for check in checks],
    )


@needs(rules.can_import_file)
def messages_to_read(request: HttpRequest, code: str) -> HttpResponse:
    """Show the messages that a person must read, and take what they mean."""
    dialogue = dialogue_or_404(code)
    queue = list(open_messages(dialogue))
    chosen = request.POST.get("message", "")
    forms = {
        message_in_queue: SettleForm(
            request.POST if str(message_in_queue.pk) == chosen else None,
            prefix=message_in_queue.pk.hex,
        )
        for message_in_queue in queue
    }
    for message, form in forms.items():
        if not (form.is_bound and form.is_valid()):
            continue
        settle = partial(
            message_review.settle_message,
            actor=me(request), message=message, now=timezone.now(), **form.cleaned_data,
        )  # fmt: skip
        if attempt_with_form(form, settle):
            return redirect("dialogues:messages_to_read", code)
    return page_of_dialogue(
        request, "import_messages", dialogue, tab="imports", queue=list(forms.items())
    )


@needs(rules.can_import_file)
def merges(request: HttpRequest, code: str) -> HttpResponse:
    """Show the registrations that may be one person: joined or kept apart, and taken back."""
    dialogue = dialogue_or_404(code)
    if request.method == "POST":
        _merge(request, dialogue)
        return redirect("dialogues:merges", code)
    return page_of_dialogue(
        request,
        "import_merges",
        dialogue,
        tab="imports",
        proposals=[_pair(proposal) for proposal in open_proposals(dialogue)],
        settled=[_pair(proposal) for proposal in settled_proposals(dialogue)],
    )


def _pair(proposal: MergeProposal) -> dict[str, object]:
    """Return a pair in words: each registration with its way in, and why it is proposed."""
    known = {"same_phone": _("the same telephone number")}
    return {
        "proposal": proposal,
        "people": [
            {
                "key": participant.pk,
                "name": participant.registration or str(participant),
                "channel": _channel(participant.channel),
            }
            for participant in (proposal.kept, proposal.other)
        ],
        "reason": known.get(proposal.reason, proposal.reason),
        "same_day": merging.same_day_votes(proposal) if proposal.state == "proposed" else [],
    }


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _channel(code: str) -> str:
    return {"web": _("web"), "sms": _("text message"), "paper": _("paper")}.get(code, code)


def _merge(request: HttpRequest, dialogue: Dialogue) -> None:
    actor, now, do = me(request), timezone.now(), request.POST.get("do")
    if do == "look":
        attempt(
            request,
            lambda: merging.propose_merges(actor=actor, dialogue=dialogue, now=now),
            _("Registrations with the same number are listed below."),
        )
        return
    if do in ("undo", "reopen"):
        key = key_of(request.POST.get("pair", ""))
        pair = get_object_or_404(dialogue.merge_proposals, pk=key)
        act = merging.undo_merge if do == "undo" else merging.reopen_merge
        done = _("The two registrations are as they were.") if do == "undo" else _(
            "The pair waits again."
        )  # fmt: skip
        attempt(request, lambda: act(actor=actor, proposal=pair, now=now), done)
        return
    chosen = set(request.POST.getlist("selected"))
    pairs = [proposal for proposal in open_proposals(dialogue) if str(proposal.pk) in chosen]
    if not pairs:
        messages.error(request, _("Choose at least one pair."))
        return
    if do == "refuse":
        text = ngettext("%(n)s pair was kept apart.", "%(n)s pairs were kept apart.", len(pairs))
        settle = merging.refuse_merges
    else:
        text = ngettext("%(n)s pair was joined.", "%(n)s pairs were joined.", len(pairs))
        stands = {pair.pk: _whole(request.POST.get(f"stands-{pair.pk}", "")) for pair in pairs}
        settle = partial(merging.accept_merges, stands=stands)
    attempt(
        request,
        lambda: settle(actor=actor, proposals=pairs, now=now),
        text % {"n": number(len(pairs))},
    )
