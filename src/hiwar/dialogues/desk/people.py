"""Inviting: the link, its QR code, the poster, and one-time codes on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_with_form, part_or_404
from hiwar.common.printing import qr_code
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.actions import people as act
from hiwar.dialogues.desk.pages import dialogue_or_404, page_of_dialogue
from hiwar.dialogues.forms.desk import CodesForm
from hiwar.dialogues.queries.statements import open_statements

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.dialogues.models import CodeBatch, Dialogue


def short_address(dialogue: Dialogue) -> str:
    """Return the address that is read aloud and stands in the QR code."""
    return f"{settings.PUBLIC_ORIGIN}/j/{dialogue.code}"


@needs(rules.can_see_dialogue)
def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Show how people come in, and make a batch of codes."""
    dialogue = dialogue_or_404(code)
    may_run = rules.can_run_dialogue(request.user)
    form = CodesForm(
        request.POST if may_run and request.POST else None,
        dialogue=dialogue,
        initial={"room": request.GET.get("room")},
    )
    new_batches: list[tuple[CodeBatch, list[str]]] = []
    if form.is_valid() and attempt_with_form(
        form,
        lambda: new_batches.append(
            act.make_codes(
                actor=me(request), dialogue=dialogue, now=timezone.now(), **form.cleaned_data
            )
        ),
    ):
        return _sheet(request, dialogue, *new_batches[0])
    batches = dialogue.code_batches.select_related("room").annotate(
        used=Count("codes", filter=Q(codes__participant__isnull=False))
    )
    return page_of_dialogue(
        request,
        "invite",
        dialogue,
        tab="invite",
        form=form,
        batches=batches.order_by("-made_at", "pk"),
        address=short_address(dialogue),
        picture=qr_code(short_address(dialogue), scale=5),
        statements=open_statements(dialogue),
    )


def _sheet(
    request: HttpRequest, dialogue: Dialogue, batch: CodeBatch, codes: list[str]
) -> HttpResponse:
    """Show the codes of a batch to be printed: now, and never again."""
    context = {
        "dialogue": dialogue,
        "batch": batch,
        "codes": codes,
        "address": short_address(dialogue),
        "picture": qr_code(short_address(dialogue), scale=5),
        "room": batch.room,
    }
    return render(request, "dialogues/desk/codes.html", context)


@require_POST
@needs(rules.can_run_dialogue)
def revoke(request: HttpRequest, code: str, key: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    batch = part_or_404(dialogue.code_batches, key)
    unused = batch.codes.filter(participant=None).count()
    done = ngettext(
        "%(n)s unused code no longer works.", "%(n)s unused codes no longer work.", unused
    ) % {"n": number(unused)}
    attempt(
        request, lambda: act.revoke_codes(actor=me(request), batch=batch, now=timezone.now()), done
    )
    return redirect("dialogues:invite", code)


@needs(rules.can_see_dialogue)
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """Show a sheet of paper to pin up: the question in every language, the code, the address."""
    dialogue = dialogue_or_404(code)
    context = {
        "dialogue": dialogue,
        "heading": _("Poster"),
        "texts": dialogue.question.in_order(),
        "address": short_address(dialogue),
        "picture": qr_code(short_address(dialogue), scale=8),
    }
    return render(request, "dialogues/desk/poster.html", context)
