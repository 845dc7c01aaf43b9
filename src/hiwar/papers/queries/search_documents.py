"""What of papers is offered to full text, to dossiers, to the library and to the activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from hiwar.common import dates
from hiwar.common.multilingual import MultilingualText
from hiwar.common.search.sources import Document
from hiwar.common.search.sources import Source as Findable
from hiwar.dossiers.queries.extension_points import Facet, LinkedRecord, Use
from hiwar.papers import rules
from hiwar.papers.models import Paper, PaperVersion
from hiwar.papers.queries.citations import uses_by_target
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.papers import papers_for, public_papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.common.search.sources import Reader
    from hiwar.dossiers.models import Dossier

PUBLISHED = "papers.published"
VERBS = {
    "papers.paper.start": gettext_lazy("began a paper"),
    "papers.paper.update": gettext_lazy("changed a paper"),
    "papers.paper.state": gettext_lazy("gave a paper another state"),
    "papers.paper.freeze": gettext_lazy("froze a paper"),
    "papers.paper.open_round": gettext_lazy("put a paper to organisations"),
    "papers.paper.narrow_round": gettext_lazy("named fewer in public who sign a paper"),
    "papers.paper.close_round": gettext_lazy("closed the list of who signs a paper"),
    "papers.paper.reopen_round": gettext_lazy("opened the list of who signs a paper again"),
    "papers.paper.embargo": gettext_lazy("put a paper under embargo"),
    "papers.paper.take_back_embargo": gettext_lazy("took back the embargo of a paper"),
    "papers.press_link.lend": gettext_lazy("lent a paper under embargo to a reader"),
    "papers.press_link.end": gettext_lazy("closed the link of a reader under embargo"),
    "papers.paper.publish": gettext_lazy("published a paper"),
    "papers.paper.withdraw": gettext_lazy("withdrew a paper"),
    "papers.block.added": gettext_lazy("added a block to a paper"),
    "papers.block.edited": gettext_lazy("edited a block of a paper"),
    "papers.block.joined": gettext_lazy("edited a block of a paper beside somebody else"),
    "papers.block.deleted": gettext_lazy("deleted a block of a paper"),
    "papers.block.restored": gettext_lazy("brought back a block of a paper"),
    "papers.block.settled": gettext_lazy("decided between two versions of a block"),
    "papers.block.checked": gettext_lazy("found two languages of a block equal"),
    "papers.citation.add": gettext_lazy("cited evidence in a paper"),
    "papers.citation.drop": gettext_lazy("took evidence out of a paper"),
    "papers.citation.see": gettext_lazy("read again what evidence of a paper says"),
    "papers.recommendation.update": gettext_lazy("changed a recommendation"),
    "papers.recommendation.equity": gettext_lazy("wrote the equity note of a recommendation"),
    "papers.interest.add": gettext_lazy("noted who paid for a paper, or an interest of an author"),
    "papers.interest.remove": gettext_lazy("took out who paid for a paper, or an interest"),
    "papers.interest.declare": gettext_lazy("stated whether there are funders or interests"),
    "papers.review.ask": gettext_lazy("asked for a review of a paper"),
    "papers.review.comment": gettext_lazy("commented on a paper"),
    "papers.review.answer": gettext_lazy("answered a comment on a paper"),
    "papers.review.finish": gettext_lazy("finished the review of a paper"),
}


def document_of_version(version: PaperVersion) -> Document:
    """Return what can be found of a published paper: its frozen title and text."""
    content = content_in(version)
    body: dict[str, str] = {}
    for block in content["blocks"]:
        for language, text in block["texts"].items():
            body[language] = f"{body.get(language, '')}\n{text}".strip()
    return Document(version.paper_id, dict(content["title"]), body)


def facets(user: User, dossier: Dossier) -> Iterator[Facet]:
    """Yield the papers of a dossier."""
    if not rules.can_see_papers(user):
        return
    may_edit = rules.can_edit_papers(user)
    yield Facet(
        kind="papers", label=pgettext("written by the institution", "Papers"), icon="paper",
        items=tuple(
            LinkedRecord(
                str(paper), reverse("papers:paper", args=[paper.code]),
                str(paper.get_state_display()),
            )
            for paper in papers_for(user).filter(dossier=dossier)
        ),
        url=reverse("papers:list"),
        new_url=f"{reverse('papers:new')}?dossier={dossier.pk}" if may_edit else "",
    )  # fmt: skip


def public_facet(dossier: Dossier, language: str, _now: datetime) -> Iterator[Facet]:
    """Yield the published papers of a dossier, the newest first."""
    yield Facet(
        kind="papers", label=pgettext("written by the institution", "Papers"), icon="paper",
        items=tuple(
            LinkedRecord(
                MultilingualText(content_in(version)["title"]).marked,
                reverse("public_papers:paper", args=[language, version.paper.code]),
                text=dates.day(version.published_at) if version.published_at else "",
            )
            for version in public_papers().filter(paper__dossier=dossier)
        ),
    )  # fmt: skip


def uses_of_facts(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the papers that cite facts and that a person may read."""
    return _uses(user, "fact", keys)


def uses_of_library(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the papers that cite sources or evidence and that a person may read."""
    uses = _uses(user, "source", keys)
    for key, more in _uses(user, "item", keys).items():
        uses.setdefault(key, []).extend(more)
    return uses


def _uses(user: User, target: str, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    readable = set(papers_for(user).order_by().values_list("pk", flat=True))
    return {
        key: [
            Use(
                str(citation.paper),
                f"{reverse('papers:citations', args=[citation.paper.code])}#c-{citation.number}",
                _("paper"),
            )
            for citation in citations if citation.paper_id in readable
        ]
        for key, citations in uses_by_target(target, keys).items()
    }  # fmt: skip


def _published() -> Iterator[Document]:
    for version in public_papers().iterator():
        yield document_of_version(version)


def _sees(_reader: Reader) -> Q | None:
    return Q(record__in=public_papers().order_by().values("paper"))


def _at(key: UUID) -> str:
    paper = Paper.objects.get(pk=key)
    return reverse("public_papers:paper", args=[get_language(), paper.code])


SOURCE = Findable(PUBLISHED, gettext_lazy("Published papers"), _published, _sees, _at, 36)
