"""Files: brought in, looked at with problems first, confirmed, and taken back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_with_form
from hiwar.common.tables import read_upload, sentences
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.actions import merges as merging
from hiwar.dialogues.actions.imports import message_review, steps
from hiwar.dialogues.actions.imports.undoing import undo_import
from hiwar.dialogues.desk.pages import dialogue_or_404, key_or_none, page_of_dialogue
from hiwar.dialogues.forms.imports import MappingForm, SettleForm, UploadForm
from hiwar.dialogues.queries.files import LIMITS
from hiwar.dialogues.queries.imports import (
    imports_of,
    open_messages,
    open_proposals,
    problems_of,
    settled_proposals,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from hiwar.dialogues.models import Dialogue, ImportBatch, MergeProposal

# What a count of an import is called; the order is that of the page.
COUNTS = {
    "rows": lazy("Rows in the file"),
    "loaded": lazy("Rows that can be loaded"),
    "skipped": lazy("Rows left as they are"),
    "wrong": lazy("Rows with a problem"),
    "people": lazy("New people"),
    "seats": lazy("People who vote in a room"),
    "votes": lazy("Votes in the file"),
    "understood": lazy("Messages understood"),
    "to_read": lazy("Messages for a person to read"),
    "opt_outs": lazy("People who want no more messages"),
    "forms": lazy("Paper forms"),
    "blank": lazy("Answers left blank"),
    "statements": lazy("New statements"),
    "answers": lazy("Answers to recommendations"),
    "replaced_in_file": lazy("Earlier votes in the file itself"),
    "written": lazy("Votes written"),
    "replaced": lazy("Votes replaced by a later one"),
    "older": lazy("Votes older than what is there"),
}
# How sure it is which answers agree.
SIGNS = {
    "said": lazy("What the answers mean was said by a person."),
    "words": lazy("The answers are words whose meaning is known: this is sure."),
    "signed": lazy(
        "1 is read as agree and −1 as disagree. Nothing in the file confirms this: compare it with "
        "the questionnaire."
    ),
    "scale": lazy(
        "Numbers are read as a scale whose upper half agrees. This is a guess: compare it with the "
        "questionnaire."
    ),
}
ALWAYS = ("rows", "loaded", "wrong")


@needs(rules.can_import_file)
def imports(request: HttpRequest, code: str) -> HttpResponse:
    """List the files of a dialogue, and take a new one."""
    dialogue = dialogue_or_404(code)
    form = UploadForm(request.POST or None, request.FILES or None)
    import_batches: list[ImportBatch] = []
    if form.is_valid() and attempt_with_form(
        form, lambda: import_batches.append(_taken(request, dialogue, form.cleaned_data))
    ):
        return redirect("dialogues:import_file", code, import_batches[0].pk)
    return page_of_dialogue(
        request,
        "imports",
        dialogue,
        tab="imports",
        form=form,
        batches=imports_of(dialogue),
        messages_open=open_messages(dialogue).count(),
        proposals=open_proposals(dialogue).count(),
    )


def _taken(request: HttpRequest, dialogue: Dialogue, values: dict[str, Any]) -> ImportBatch:
    file = values["file"]
    return steps.prepare_import(
        actor=me(request),
        dialogue=dialogue,
        # Read before the transaction of the action, and apart from this process.
        upload=read_upload(file.read(LIMITS.size + 1), file.name or "", LIMITS),
        kind=values["kind"],
        now=timezone.now(),
    )


@needs(rules.can_import_file)
def import_file(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show what a file would do, or did: problems first."""
    dialogue = dialogue_or_404(code)
    batch = get_object_or_404(dialogue.imports, pk=key_or_none(key))
    form = None
    if batch.state == batch.State.PREVIEW:
        titles, mapping = batch.counts["titles"], batch.counts["mapping"]
        answers = batch.counts.get("meanings", {})
        form = MappingForm(batch.kind, titles, mapping, request.POST or None, answers=answers)
        if form.is_valid() and attempt(
            request,
            lambda: steps.change_mapping(
                actor=me(request),
                batch=batch,
                mapping=form.mapping(),
                answers=form.answers(),
                now=timezone.now(),
            ),
            _("The file was looked at again."),
        ):
            return redirect("dialogues:import_file", code, batch.pk)
    problems = problems_of(batch)
    return page_of_dialogue(
        request,
        "import_file",
        dialogue,
        tab="imports",
        batch=batch,
        form=form,
        problems=problems,
        more=max(batch.counts.get("problems", 0) - len(problems), 0),
        is_stopped=any(problem.is_blocking for problem in problems),
        figures=_figures(batch),
        read=[*sentences(batch.counts.get("read", {})), *_survey_sentences(batch.counts)],
        is_survey="meanings" in batch.counts,
        checks=batch.counts.get("checks", []),
        is_mine=batch.made_by_id == me(request).pk,
    )


def _survey_sentences(counts: Mapping[str, Any]) -> list[str]:
    """Say of a survey sheet what was read as agreement, how sure that is, and what is not taken."""
    if "meanings" not in counts:
        return []
    lines = [
        _("Each row is one person; the headings of the columns with answers are the statements.")
    ]
    words = {
        "agree": _("agree"),
        "disagree": _("disagree"),
        "pass": _("pass"),
        "missing": _("no answer"),
    }
    by_meaning = {
        name: [cell for cell, means in counts["meanings"].items() if means == code]
        for code, name in words.items()
    }
    lines += [
        _("Read as “%(meaning)s”: %(answers)s.") % {"meaning": name, "answers": _(", ").join(cells)}
        for name, cells in by_meaning.items()
        if cells
    ]
    # Nothing is sure while an answer is not understood.
    if all(counts["meanings"].values()):
        lines.append(str(SIGNS[counts["sign"]]))
    if counts["dropped"]:
        names = _(", ").join(counts["dropped"])
        lines.append(
            _("Nothing is taken of these columns, and nothing of them is kept: %(names)s.")
            % {"names": names}
        )
    return lines


def _figures(batch: ImportBatch) -> list[dict[str, str]]:
    return [
        {"label": str(label), "value": number(batch.counts.get(name, 0))}
        for name, label in COUNTS.items()
        if name in ALWAYS or batch.counts.get(name)
    ]


@require_POST
@needs(rules.can_import_file)
def confirm_file(request: HttpRequest, code: str, key: str) -> HttpResponse:
    batch = get_object_or_404(dialogue_or_404(code).imports, pk=key_or_none(key))
    attempt(
        request,
        lambda: steps.confirm_import(actor=me(request), batch=batch, now=timezone.now()),
        _("The file was brought in. It can be undone as one step."),
    )
    return redirect("dialogues:import_file", code, batch.pk)


@require_POST
@needs(rules.can_import_file)
def discard_file(request: HttpRequest, code: str, key: str) -> HttpResponse:
    batch = get_object_or_404(dialogue_or_404(code).imports, pk=key_or_none(key))
    attempt(
        request,
        lambda: steps.discard_import(actor=me(request), batch=batch),
        _("The file was thrown away. Nothing was saved."),
    )
    return redirect("dialogues:imports", code)


@require_POST
@needs(rules.can_import_file)
def undo_file(request: HttpRequest, code: str, key: str) -> HttpResponse:
    batch = get_object_or_404(dialogue_or_404(code).imports, pk=key_or_none(key))
    attempt(
        request,
        lambda: undo_import(actor=me(request), batch=batch, now=timezone.now()),
        _("The file was undone. Everything is as it was before."),
    )
    return redirect("dialogues:import_file", code, batch.pk)


@require_POST
@needs(rules.can_import_file)
def check_form(request: HttpRequest, code: str, key: str) -> HttpResponse:
    batch = get_object_or_404(dialogue_or_404(code).imports, pk=key_or_none(key))
    attempt(
        request,
        lambda: message_review.check_form(
            actor=me(request),
            batch=batch,
            form=request.POST.get("form", ""),
            is_same=request.POST.get("result") == "same",
            now=timezone.now(),
        ),
        _("The comparison is recorded."),
    )
    return redirect("dialogues:import_file", code, batch.pk)


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
        if form.is_bound and form.is_valid() and attempt_with_form(
            form,
            lambda message=message, form=form: message_review.settle_message(  # type: ignore[misc]
                actor=me(request), message=message, now=timezone.now(), **form.cleaned_data
            ),
        ):  # fmt: skip
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
        key = key_or_none(request.POST.get("pair", ""))
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
