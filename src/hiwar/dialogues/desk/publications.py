"""Publishing at the desk: prepare, look, then publish in a second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.accounts.access import me, needs, recently_confirmed
from hiwar.common.desk.fields import instant_field
from hiwar.common.desk.pages import attempt
from hiwar.dialogues import rules
from hiwar.dialogues.actions import publications as act
from hiwar.dialogues.desk.pages import dialogue_or_404, page_of_dialogue
from hiwar.dialogues.exports.pages import page_context
from hiwar.dialogues.models import Dialogue, Publication
from hiwar.dialogues.queries.method import tier_promise
from hiwar.dialogues.queries.results import (
    final_map,
    is_public,
    map_progress,
    outdated_publications,
    publications_of,
    receipts_end_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class EmbargoForm(forms.Form):
    """From when everybody may read."""

    until = instant_field(gettext_lazy("Publish by itself at"))


@needs(rules.can_see_dialogue)
def publications(request: HttpRequest, code: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    now = timezone.now()
    versions = list(publications_of(dialogue))
    for publication in versions:
        publication.is_readable = is_public(publication, now)  # type: ignore[attr-defined]  # for the template
    return page_of_dialogue(
        request,
        "publications",
        dialogue,
        tab="publications",
        versions=versions,
        may_publish=rules.can_publish_results(request.user),
        is_closed=dialogue.state == Dialogue.State.CLOSED,
        is_ready=final_map(dialogue) is not None,
        map_request=map_progress(dialogue),
        receipts_until=receipts_end_at(dialogue) if dialogue.log_secret else None,
        is_outdated=outdated_publications().filter(dialogue=dialogue).exists(),
        was_public=any(publication.state != Publication.State.DRAFT for publication in versions),
        tiers=[
            (tier, label, tier_promise(tier))
            for tier, label in Dialogue.Tier.choices
            if tier <= dialogue.publication_tier
        ][::-1],
    )


@needs(rules.can_publish_results)
def prepare(request: HttpRequest, code: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    if request.method != "POST":
        return redirect("dialogues:publications", code)
    publications: list[Publication] = []

    def run() -> None:
        publications.append(
            act.prepare_publication(
                actor=me(request),
                dialogue=dialogue,
                now=timezone.now(),
                tier=request.POST.get("tier", ""),
                correction=request.POST.get("correction", ""),
            )
        )

    if attempt(request, run, _("The version is prepared. Nobody can read it yet.")):
        return redirect("dialogues:publication", code, publications[0].version)
    return redirect("dialogues:publications", code)


@needs(rules.can_see_dialogue)
def preview(request: HttpRequest, code: str, number: str) -> HttpResponse:
    dialogue, publication = _version_or_404(code, number)
    context = page_context(dialogue, publication, [])
    return render(request, "dialogues/desk/publication_preview.html", context)


@needs(rules.can_publish_results)
@recently_confirmed
def publish(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Ask in words what becomes public, and publish now or at a time."""
    dialogue, publication = _version_or_404(code, number)
    form = EmbargoForm(request.POST if "until" in request.POST else None)
    if request.method == "POST":
        if "until" not in request.POST:
            return _act(
                request, code, _("The results are published."),
                lambda: act.publish(actor=me(request), publication=publication, now=timezone.now()),
            )  # fmt: skip
        if form.is_valid():
            until = form.cleaned_data["until"]
            return _act(
                request, code, _("The results will publish themselves at that time."),
                lambda: act.publish_at(
                    actor=me(request), publication=publication, until=until, now=timezone.now()
                ),
            )  # fmt: skip
    counts = publication.document["statements"]
    return page_of_dialogue(
        request,
        "publication_publish",
        dialogue,
        tab="publications",
        publication=publication,
        form=form,
        tier=publication.document["tier"],
        promise=tier_promise(publication.document["tier"]),
        shown=sum(row["counts"] is not None for row in counts),
        hidden=sum(row["counts"] is None for row in counts),
        threshold=publication.document["threshold"],
    )


@needs(rules.can_publish_results)
def lift(request: HttpRequest, code: str, number: str) -> HttpResponse:
    _dialogue, publication = _version_or_404(code, number)
    if request.method != "POST":
        return redirect("dialogues:publications", code)
    return _act(
        request, code, _("The version is a draft again."),
        lambda: act.lift_embargo(actor=me(request), publication=publication, now=timezone.now()),
    )  # fmt: skip


@needs(rules.can_publish_results)
@recently_confirmed
def withdraw(request: HttpRequest, code: str, number: str) -> HttpResponse:
    dialogue, publication = _version_or_404(code, number)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        return _act(
            request, code, _("The version is withdrawn. Its address says why."),
            lambda: act.withdraw(
                actor=me(request), publication=publication, reason=reason, now=timezone.now()
            ),
        )  # fmt: skip
    return page_of_dialogue(
        request, "publication_withdraw", dialogue, tab="publications", publication=publication
    )


def _act(request: HttpRequest, code: str, done: str, run: Callable[[], object]) -> HttpResponse:
    attempt(request, run, done)
    return redirect("dialogues:publications", code)


def _version_or_404(code: str, number: str) -> tuple[Dialogue, Publication]:
    dialogue = dialogue_or_404(code)
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        raise Http404
    publication = get_object_or_404(publications_of(dialogue), version=int(number))
    return dialogue, publication
