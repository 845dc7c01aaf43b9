"""What full text finds of this room: dossiers, facts and barriers, as far as a reader may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hiwar.common.search.sources import Document, Source, seen_among
from hiwar.dossiers import rules
from hiwar.dossiers.models import Barrier, Dossier, Fact, JointStatement
from hiwar.dossiers.queries.barriers import readable_barriers
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.dossiers.queries.facts import fact_choices
from hiwar.dossiers.queries.joint import latest_text, readable_statements
from hiwar.dossiers.queries.public import public_dossiers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID


PUBLIC_DOSSIER = "dossiers.publicdossier"


def document_of_dossier(dossier: Dossier) -> Document:
    """Return what can be found of a dossier."""
    body = _joined(dossier.aim, dossier.where_it_stands)
    return Document(dossier.pk, {**dossier.title, "code": dossier.code}, body)


def document_of_fact(fact: Fact) -> Document:
    """Return what can be found of a fact."""
    return Document(fact.pk, dict(fact.text), {"source": f"{fact.value} {fact.source}"})


def document_of_barrier(barrier: Barrier) -> Document:
    """Return what can be found of a barrier."""
    return Document(barrier.pk, dict(barrier.title), dict(barrier.evidence))


def document_of_statement(statement: JointStatement) -> Document:
    """Return what can be found of a joint statement: the words of its newest version."""
    text = latest_text(statement)
    return Document(statement.pk, {**text.title, "code": statement.code}, dict(text.text))


def _joined(*texts: object) -> dict[str, str]:
    joined: dict[str, str] = {}
    for text in texts:
        for language, words in dict(text).items():  # type: ignore[call-overload]  # texts
            joined[language] = f"{joined.get(language, '')}\n{words}".strip()
    return joined


def _dossiers() -> Iterator[Document]:
    yield from map(document_of_dossier, Dossier.objects.order_by("pk").iterator())


def _public_dossiers() -> Iterator[Document]:
    yield from map(document_of_dossier, public_dossiers().iterator())


def _facts() -> Iterator[Document]:
    yield from map(document_of_fact, Fact.objects.order_by("pk").iterator())


def _barriers() -> Iterator[Document]:
    yield from map(document_of_barrier, Barrier.objects.order_by("pk").iterator())


def _statements() -> Iterator[Document]:
    yield from map(document_of_statement, JointStatement.objects.order_by("pk").iterator())


def _at_dossier(key: UUID) -> str:
    dossier = Dossier.objects.get(pk=key)
    return reverse("dossiers:dossier", args=[dossier.code])


def _at_public(key: UUID) -> str:
    code = Dossier.objects.values_list("code", flat=True).get(pk=key)
    return reverse("public_dossiers:dossier", args=[get_language() or settings.LANGUAGE_CODE, code])


def _at_fact(key: UUID) -> str:
    fact = Fact.objects.select_related("dossier").get(pk=key)
    return f"{reverse('dossiers:facts', args=[fact.dossier.code])}#fact-{key}"


def _at_barrier(key: UUID) -> str:
    return reverse("dossiers:barrier", args=[key])


def _at_statement(key: UUID) -> str:
    return reverse("dossiers:joint", args=[JointStatement.objects.get(pk=key).code])


SOURCES = (
    Source(
        "dossiers.dossier",
        _("Dossiers"),
        _dossiers,
        seen_among(readable_dossiers, rules.can_see_dossiers),
        _at_dossier,
        order=10,
    ),
    Source(
        PUBLIC_DOSSIER,
        _("Areas of work"),
        _public_dossiers,
        seen_among(lambda _reader: public_dossiers()),
        _at_public,
        order=33,
    ),
    Source(
        "dossiers.fact",
        _("Facts"),
        _facts,
        seen_among(fact_choices, rules.can_see_dossiers),
        _at_fact,
        order=30,
    ),
    Source(
        "dossiers.barrier",
        _("Barriers"),
        _barriers,
        seen_among(readable_barriers, rules.can_see_dossiers),
        _at_barrier,
        order=40,
    ),
    Source(
        "dossiers.jointstatement",
        _("Joint statements"),
        _statements,
        seen_among(readable_statements, rules.can_see_dossiers),
        _at_statement,
        order=35,
    ),
)
