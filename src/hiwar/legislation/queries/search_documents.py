"""What of laws is offered to full text, to the page of a dossier and to the activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.search.sources import Document, Source, seen_among
from hiwar.dossiers.queries.extension_points import Facet, LinkedRecord
from hiwar.legislation import rules
from hiwar.legislation.models import Law
from hiwar.legislation.queries.consultations import open_public_consultations
from hiwar.legislation.queries.laws import laws_for
from hiwar.legislation.queries.public import public_laws

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

KIND = "legislation.law"
VERBS = {
    "legislation.law.enter": gettext_lazy("entered a law"),
    "legislation.law.add_version": gettext_lazy("added a version of a law"),
    "legislation.law.bring_instrument": gettext_lazy("brought in an instrument that amends a law"),
    "legislation.law.decide_order": gettext_lazy("decided an order of an amending instrument"),
    "legislation.law.write_order": gettext_lazy("wrote an order of an amending instrument by hand"),
    "legislation.law.add_order": gettext_lazy("gave a sentence of an instrument a further order"),
    "legislation.law.say_day": gettext_lazy("said from which day an instrument is in force"),
    "legislation.law.carry_out": gettext_lazy("carried out an amending instrument"),
    "legislation.law.undo_carrying_out": gettext_lazy("took back what an instrument made"),
    "legislation.law.lay_on_newest": gettext_lazy("laid an instrument on the newest text"),
    "legislation.law.move_instrument": gettext_lazy("withdrew an instrument or opened it again"),
    "legislation.law.record_step": gettext_lazy("recorded a step of a law"),
    "legislation.law.publish": gettext_lazy("published a law"),
    "legislation.law.withdraw": gettext_lazy("took a law back from the public"),
    "legislation.law.change_readers": gettext_lazy("changed who may read a version of a law"),
    "legislation.consultation.open": gettext_lazy("opened a consultation on a law"),
    "legislation.consultation.move_end": gettext_lazy("moved the end of a consultation"),
    "legislation.consultation.answer": gettext_lazy("closed a consultation as answered"),
    "legislation.comment.send": gettext_lazy("a comment on a law arrived"),
    "legislation.comment.enter": gettext_lazy("entered a comment on a law"),
    "legislation.comment.import": gettext_lazy("brought in comments on a law"),
    "legislation.comment.attach": gettext_lazy("a file came with a comment on a law"),
    "legislation.comment.open_file": gettext_lazy("opened a file of a comment on a law"),
    "legislation.comment.detach": gettext_lazy("destroyed a file of a comment on a law"),
    "legislation.comment.unmask": gettext_lazy("read the private details in a comment on a law"),
    "legislation.comment.sort": gettext_lazy("sorted a comment on a law"),
    "legislation.comment.accept_suggestions": gettext_lazy("took the suggested kinds of comments"),
    "legislation.comment.dispose": gettext_lazy("answered comments on a law"),
    "legislation.comment.show": gettext_lazy("changed which comments everybody reads"),
    "legislation.amendment.propose": gettext_lazy("proposed an amendment of a law"),
    "legislation.amendment.change": gettext_lazy("changed a proposed amendment"),
    "legislation.amendment.note": gettext_lazy("wrote an equity note on an amendment"),
    "legislation.amendment.adopt": gettext_lazy("adopted a proposed amendment"),
    "legislation.amendment.reopen": gettext_lazy("made an amendment a draft again"),
    "legislation.amendment.withdraw": gettext_lazy("withdrew a proposed amendment"),
    "legislation.memorandum.write": gettext_lazy("wrote a memorandum about a law"),
    "legislation.memorandum.change": gettext_lazy("changed a memorandum about a law"),
    "legislation.memorandum.fix": gettext_lazy("fixed the text of a memorandum about a law"),
    "legislation.memorandum.send": gettext_lazy("sent a memorandum about a law"),
    "legislation.amendment.outcome": gettext_lazy("confirmed what became of an amendment"),
    "legislation.law.answer": gettext_lazy("recorded an official answer about a law"),
    "legislation.law.summarise": gettext_lazy("wrote the plain-language summary of a law"),
    "legislation.draft.bring": gettext_lazy("brought in a file of a law"),
    "legislation.draft.repair": gettext_lazy("put the text of a law right"),
    "legislation.draft.discard": gettext_lazy("discarded a file of a law"),
    "legislation.procedure.add": gettext_lazy("added a procedure of laws"),
    "legislation.procedure.name": gettext_lazy("called a procedure of laws otherwise"),
    "legislation.procedure.add_stage": gettext_lazy("added a stage to a procedure of laws"),
    "legislation.procedure.change_stage": gettext_lazy("changed a stage of a procedure of laws"),
    "legislation.procedure.move_stage": gettext_lazy("moved a stage of a procedure of laws"),
    "legislation.procedure.retire_stage": gettext_lazy("left a stage out of a procedure of laws"),
    "legislation.procedure.remove_stage": gettext_lazy("took a stage from a procedure of laws"),
    "legislation.law.follow": gettext_lazy("began to follow a law"),
    "legislation.law.unfollow": gettext_lazy("stopped following a law"),
    "legislation.law.see": gettext_lazy("saw what happened to a law"),
    "legislation.amendment.publish": gettext_lazy("changed which amendments everybody reads"),
}


def document_of(law: Law) -> Document:
    """Return what can be found of a law: its title and what it is about, which everybody may read.

    Never a text, which may be in confidence.
    """
    return Document(law.pk, dict(law.title), dict(law.summary))


def names_of_laws(keys: Iterable[str]) -> dict[str, str]:
    """Return the laws that all staff may read, by key."""
    wide = Law.objects.exclude(visibility__in=("personal", "team")).filter(pk__in=list(keys))
    wide = wide.exclude(dossier__visibility__in=("personal", "team"))
    return {str(law.pk): str(law) for law in wide}


def facets(user: User, dossier: Dossier) -> Iterator[Facet]:
    """Yield the laws of a dossier."""
    if not rules.can_see_laws(user):
        return
    yield Facet(
        kind="law", label=_("Laws"), icon="law",
        items=tuple(
            LinkedRecord(
                str(law), reverse("legislation:law", args=[law.pk]), str(law.get_sort_display())
            )
            for law in laws_for(user).filter(dossier=dossier)
        ),
        url=reverse("legislation:list"),
        new_url=(
            reverse("legislation:new", args=[dossier.code])
            if rules.can_enter_law(user, dossier)
            else ""
        ),
    )  # fmt: skip


def public_facet(dossier: Dossier, language: str, now: datetime) -> Iterator[Facet]:
    """Yield the laws of a dossier that everybody may read; those open to comments say so."""
    open_to_comments = {each.law_id for each in open_public_consultations(now)}
    yield Facet(
        kind="law", label=_("Laws"), icon="law",
        items=tuple(
            LinkedRecord(
                law.title.marked, reverse("public_laws:law", args=[language, law.pk]),
                _("Open to comments") if law.pk in open_to_comments else "", "primary",
            )
            for law in public_laws().filter(dossier=dossier)
        ),
    )  # fmt: skip


def _documents() -> Iterator[Document]:
    for law in Law.objects.order_by("pk").iterator(chunk_size=500):
        yield document_of(law)


def _at(key: UUID) -> str:
    return reverse("legislation:law", args=[key])


SOURCE = Source(
    KIND, gettext_lazy("Laws"), _documents, seen_among(laws_for, rules.can_see_laws), _at, order=35
)
