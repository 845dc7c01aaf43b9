"""What you said, what happened: the text for all, whom it reaches, and its way into the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hiwar.accounts.access import me, needs
from hiwar.channels.queries.parts import count_parts
from hiwar.common.desk.pages import attempt, attempt_and_say
from hiwar.common.opt_outs import PHONE
from hiwar.dialogues import rules
from hiwar.dialogues.actions import telling as act
from hiwar.dialogues.desk.pages import dialogue_or_404, page_of_dialogue
from hiwar.dialogues.forms.telling import TellingForm
from hiwar.dialogues.models import Dialogue, Telling
from hiwar.dialogues.queries import telling as questions

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

FIELDS = ("subject", "text", "short")


@needs(rules.can_run_dialogue)
def telling(request: HttpRequest, code: str) -> HttpResponse:
    """Write what all are told, and see how many it reaches in which way."""
    dialogue = dialogue_or_404(code)
    written = Telling.objects.filter(dialogue=dialogue).first()
    proposed = questions.proposed_words(dialogue)
    initial = {name: getattr(written, name) if written else proposed[name] for name in FIELDS}
    form = TellingForm(request.POST or None, initial=initial)
    if request.method == "POST" and attempt_and_say(
        request,
        form,
        lambda: act.write_telling(
            actor=me(request), dialogue=dialogue, words=form.cleaned_data, now=timezone.now()
        ),
        _("Saved. Nothing was sent."),
    ):
        return redirect("dialogues:telling", code)
    return page_of_dialogue(
        request,
        "telling",
        dialogue,
        tab="publications",
        form=form,
        telling=written,
        audience=questions.audience_of(dialogue),
        outcome=questions.outcome_of(dialogue),
        is_closed=dialogue.state == Dialogue.State.CLOSED,
    )


@needs(rules.can_run_dialogue)
def send_telling(request: HttpRequest, code: str) -> HttpResponse:
    """Show once more what leaves and to how many, then put it into the outbox."""
    dialogue = dialogue_or_404(code)
    written = Telling.objects.filter(dialogue=dialogue).first()
    if written is None or dialogue.state != Dialogue.State.CLOSED:
        return redirect("dialogues:telling", code)
    batches: list[UUID] = []
    if request.method == "POST" and attempt(
        request,
        lambda: batches.append(
            act.post_telling(actor=me(request), dialogue=dialogue, now=timezone.now())
        ),
        _("It is in the outbox and waits for a last look: nothing has left yet."),
    ):
        return redirect("channels:batch", batches[0])
    written.refresh_from_db()
    audience = questions.audience_of(dialogue)
    examples = []
    for kind, language, n in audience.languages:
        subject, text = questions.words_for(written, kind, language)
        parts = count_parts(text) if kind == PHONE else 0
        examples.append((kind, language, n, subject, text, parts))
    return page_of_dialogue(
        request,
        "telling_send",
        dialogue,
        tab="publications",
        telling=written,
        audience=audience,
        count=len(audience.reached),
        faults=questions.faults_of(written, audience),
        examples=examples,
    )


@needs(rules.can_run_dialogue)
@require_safe
def told_in_person(request: HttpRequest, code: str) -> HttpResponse:
    """List for print where those are who left no address: how many, and never who."""
    dialogue = dialogue_or_404(code)
    return page_of_dialogue(
        request,
        "telling_in_person",
        dialogue,
        tab="publications",
        found=questions.in_person(dialogue),
        words=Telling.objects.filter(dialogue=dialogue).first(),
    )
