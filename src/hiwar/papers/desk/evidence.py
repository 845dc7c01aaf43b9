"""Evidence of a paper at the desk: cited by a picker, read again, dropped; recommendations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.queries import readable_by
from hiwar.common.desk.pages import (
    attempt,
    attempt_with_form,
    first_or_404,
    key_of,
    part_or_404,
)
from hiwar.common.multilingual import MultilingualText
from hiwar.dossiers.models import Barrier
from hiwar.engine.blocks import cited
from hiwar.papers import rules
from hiwar.papers.actions import evidence as act
from hiwar.papers.desk.blocks import block_or_404
from hiwar.papers.desk.pages import page_of, paper_or_404
from hiwar.papers.exports.reading import figure_of
from hiwar.papers.forms.papers import RecommendationForm
from hiwar.papers.models import Citation, Paper, Recommendation
from hiwar.papers.models.evidence import TARGETS
from hiwar.papers.queries.citations import Reading, Readings, citations_of
from hiwar.papers.queries.papers import blocks_of, papers_for
from hiwar.papers.queries.picker import citable, find_citable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


LONGEST_NUMBER = 15  # statements are numbered, everything else has a key of its own


def _row(citation: Citation, reading: Reading, readings: Readings) -> dict[str, Any]:
    value = reading.value
    words = value.get("words", {})
    return {
        "citation": citation, "reading": reading, "words": _first(words),
        "origin": _first(value.get("from", {})), "figure": figure_of(value, "%"),
        "before": figure_of(citation.seen, "%") or _first(citation.seen.get("words", {})),
        "now": figure_of(value, "%") or _first(words),
        "is_moved": not reading.ended and readings.is_moved(citation, reading),
        "value": json.dumps(dict(value), ensure_ascii=False, sort_keys=True),
    }  # fmt: skip


def _first(words: Mapping[str, str]) -> str:
    return str(MultilingualText(words))


@needs(rules.can_see_papers)
def citations(request: HttpRequest, code: str) -> HttpResponse:
    """List what a paper cites, what of it moved since it was read, and where it stands."""
    subject = paper_or_404(request, code)
    readings = Readings(timezone.now())
    blocks = blocks_of(subject)
    places: dict[int, list[Any]] = {}
    for block in blocks:
        for number in {n for text in block.texts.values() for n in cited(text)}:
            places.setdefault(number, []).append(block)
    rows = [
        _row(citation, readings.of(citation), readings)
        | {"places": places.get(citation.number, [])}
        for citation in citations_of(subject)
    ]
    return render(request, "papers/citations.html", {
        **page_of(request, subject, "citations"), "rows": rows,
    })  # fmt: skip


@needs(rules.can_edit_papers)
def pick(request: HttpRequest, code: str) -> HttpResponse:
    """Find something that is known and cite it, in the text or for a recommendation."""
    subject = paper_or_404(request, code)
    target = request.GET.get("kind", "") or request.POST.get("kind", "")
    target = target if target in TARGETS else TARGETS[0]
    recommendation = _recommendation(subject, request.GET.get("for", ""))
    if request.method == "POST":
        return _cite(request, subject, target)
    words = request.GET.get("q", "")[:200]
    readings = Readings(timezone.now())
    rows = []
    for record in find_citable(me(request), subject, target, words):
        reading = readings.of(Citation(paper=subject, **{target: record}))
        value = reading.value
        words_shown, origin = _first(value.get("words", {})), _first(value.get("from", {}))
        rows.append((record.pk, reading, words_shown, origin, figure_of(value, "%")))
    base = f"&for={recommendation.pk}" if recommendation else ""
    return render(request, "papers/pick.html", {
        **page_of(request, subject, "citations"), "rows": rows, "target": target, "words": words,
        "recommendation": recommendation,
        "kinds": [{"label": label, "url": f"?kind={name}{base}", "current": name == target}
                  for name, label in _kinds()],
    })  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    return [
        ("statement", _("Statements")), ("finding", _("Findings")),
        ("conclusion", _("Conclusions")), ("event", _("Minutes")),
        ("fact", _("Facts")), ("provision", _("Provisions")), ("comment", _("Comments")),
        ("item", _("Evidence")), ("article", _("Instruments")), ("media_item", _("Media items")),
        ("source", _("Sources")),
    ]  # fmt: skip


def _recommendation(paper: Paper, key: str) -> Recommendation | None:
    wanted = key_of(key)
    if wanted is None:
        return None
    recommendations = Recommendation.objects.filter(block__paper=paper, pk=wanted)
    return recommendations.select_related("block").first()


def _cite(request: HttpRequest, paper: Paper, target: str) -> HttpResponse:
    text = request.POST.get("record", "")
    is_number = text.isdecimal() and len(text) <= LONGEST_NUMBER
    wanted: Any = key_of(text) if target != "statement" else int(text) if is_number else None
    record = citable(me(request), target).filter(pk=wanted).first() if wanted else None
    if record is None:
        raise Http404
    recommendation = _recommendation(paper, request.POST.get("for", ""))
    cited_now: list[Citation] = []
    locator = request.POST.get("locator", "").strip()[:60]
    if attempt(
        request,
        lambda: cited_now.append(
            act.cite(actor=me(request), paper=paper, target=target, record=record,
                     recommendation=recommendation, locator=locator, now=timezone.now())
        ),
        "",
    ):  # fmt: skip
        number = cited_now[0].number
        text = _("It is cited as [%(n)s]. In the text write [[%(n)s]] where the note belongs, "
                 "[[%(n)s%%]] for its number.")  # fmt: skip
        messages.success(request, text % {"n": number})
    if recommendation is not None:
        return redirect("papers:recommendation", recommendation.block_id)
    return redirect(f"{reverse('papers:citations', args=[paper.code])}#c-{cited_now[0].number}"
                    if cited_now else reverse("papers:citations", args=[paper.code]))  # fmt: skip


def _citation(request: HttpRequest, key: str) -> Citation:
    return part_or_404(
        Citation.objects.filter(
            paper__in=papers_for(me(request)).order_by(), dropped_at=None
        ).select_related("paper__dossier"),
        key,
    )


@needs(rules.can_edit_papers)
@require_POST
def see(request: HttpRequest, key: str) -> HttpResponse:
    """Note that the sentences with a citation were read again with the value that was shown."""
    subject = _citation(request, key)
    try:
        value = json.loads(request.POST.get("value", ""))
    except ValueError as error:
        raise Http404 from error
    read: list[bool] = []
    if isinstance(value, dict) and attempt(
        request,
        lambda: read.append(
            act.see_value(actor=me(request), citation=subject, value=value, now=timezone.now())
        ),
        "",
    ):
        if read[0]:
            messages.success(request, _("It is noted that you read it again."))
        else:
            messages.error(request, _("It has moved once more. Please read it again."))
    return redirect(f"{reverse('papers:citations', args=[subject.paper.code])}#c-{subject.number}")


@needs(rules.can_edit_papers)
@require_POST
def drop(request: HttpRequest, key: str) -> HttpResponse:
    """Take a citation out of a paper."""
    subject = _citation(request, key)
    attempt(
        request,
        lambda: act.drop_citation(actor=me(request), citation=subject, now=timezone.now()),
        _("It is not cited any more."),
    )
    return redirect("papers:citations", subject.paper.code)


@needs(rules.can_see_papers)
def recommendation(request: HttpRequest, key: str) -> HttpResponse:
    """Show a recommendation with its post, evidence and equity note, and change them."""
    block = block_or_404(request, key)
    subject = first_or_404(
        Recommendation.objects.filter(block=block).select_related("post__organisation", "barrier")
    )
    user, paper = me(request), block.paper
    context = page_of(request, paper, "paper")
    notes = {note.group: note for note in subject.equity_notes.order_by("group", "pk")}
    initial = {name: getattr(subject, name) for name in act.FIELDS}
    for group, note in notes.items():
        initial |= {f"gains_{group}": note.gains, f"loses_{group}": note.loses}
    barriers = Barrier.objects.filter(readable_by(user, Barrier)).order_by("pk")
    form = RecommendationForm(request.POST or None, reader=user, barriers=barriers, initial=initial)
    if request.method == "POST" and form.is_valid() and attempt_with_form(
        form,
        lambda: act.update_recommendation(
            actor=user, recommendation=subject, values=form.cleaned_data, equity=form.equity(),
            now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("The recommendation is saved."))
        return redirect("papers:recommendation", key)
    readings = Readings(timezone.now())
    rows = [
        _row(citation, readings.of(citation), readings)
        for citation in citations_of(paper).filter(recommendation=subject)
    ]
    return render(request, "papers/recommendation.html", {
        **context, "block": block, "recommendation": subject, "form": form, "rows": rows,
    })  # fmt: skip
