"""The terms that a version defines and what its articles say of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from hiwar.accounts.access import needs
from hiwar.engine import law as engine
from hiwar.legislation import rules
from hiwar.legislation.desk.pages import law_or_404, version_or_404
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_laws)
def terms(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show the glossary of a version and its references, in both directions."""
    subject = law_or_404(request, key)
    shown = version_or_404(request, subject, number)
    text = text_of(shown)
    labels = {article.eid: article for article in text.articles()}
    to: dict[str, list[engine.Provision]] = {}
    back: dict[str, list[engine.Provision]] = {}
    for reference in engine.references(text):
        to.setdefault(reference.source, []).append(labels[reference.target])
        back.setdefault(reference.target, []).append(labels[reference.source])
    return render(request, "legislation/terms.html", {
        "law": subject, "version": shown,
        "terms": [
            (term, labels[term.eid], [labels[eid] for eid in term.uses])
            for term in engine.defined_terms(text)
        ],
        "articles": [
            (article, to.get(eid, []), back.get(eid, []))
            for eid, article in labels.items() if eid in to or eid in back
        ],
    })  # fmt: skip
