"""What of everything known a writer may cite: found by words, the dossier's own first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hiwar.accounts.queries import readable_by
from hiwar.dialogues.models import Finding, Publication, Statement
from hiwar.dialogues.rules import can_see_dialogue
from hiwar.dossiers.queries.dossiers import all_readable, plain
from hiwar.dossiers.queries.facts import fact_choices
from hiwar.dossiers.rules import can_see_dossiers
from hiwar.events.models import Conclusion, Event, Minutes
from hiwar.events.queries.events import events_for
from hiwar.events.rules import can_see_events
from hiwar.evidence.models import InstrumentArticle
from hiwar.evidence.queries.library import instruments_for, items_for, media_for, sources_for
from hiwar.legislation.models import Amendment, Comment, LawVersion, Provision
from hiwar.legislation.queries.consultations import consultations_for
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.papers.models import Paper

MOST = 40


def citable(user: User, target: str) -> QuerySet[Any]:
    """Return what of a kind a person may read and cite."""
    return CITABLE[target](user)


def find_citable(user: User, paper: Paper, target: str, words: str) -> list[Any]:
    """Return at most ``MOST`` things of a kind whose words hold all that are asked for.

    Those of the paper's dossier come first.
    """
    wanted = plain(words).split()
    dossier = DOSSIERS.get(target)
    own: list[Any] = []
    others: list[Any] = []
    for row in citable(user, target).iterator(chunk_size=500):
        if wanted and not _has_words(wanted, WORDS[target](row)):
            continue
        is_own = bool(dossier and paper.dossier_id and dossier(row) == paper.dossier_id)
        (own if is_own else others).append(row)
        if len(own) >= MOST or (not paper.dossier_id and len(others) >= MOST):
            break
    return [*own, *others][:MOST]


def proposals_for(user: User) -> QuerySet[Amendment]:
    """Return the adopted proposals to laws that a person may read, in the order of their laws."""
    versions = LawVersion.objects.filter(
        readable_by(user, LawVersion), law__in=laws_for(user).order_by()
    )
    amendments = Amendment.objects.filter(
        version__in=versions.order_by(), state=Amendment.State.ADOPTED
    )
    return amendments.select_related("law").order_by("law__created_at", "law", "number")


def _has_words(wanted: list[str], text: str) -> bool:
    known = plain(text)
    return all(word in known for word in wanted)


WORDS: Mapping[str, Callable[[Any], str]] = {
    "statement": lambda row: f"{_all(row.shown)} {row.number} {_all(row.dialogue.title)}",
    "finding": lambda row: f"{_all(row.text)} {_all(row.publication.dialogue.title)}",
    "conclusion": lambda row: f"{_all(row.text)} {_all(row.event.title)}",
    "event": lambda row: f"{_all(row.title)} {row.code}",
    "fact": lambda row: f"{_all(row.text)} {row.value} {row.source}",
    "provision": lambda row: f"{row.label} {row.heading} {row.text} {_all(row.version.law.title)}",
    "comment": lambda row: f"{row.text} {row.number}",
    "item": lambda row: f"{_all(row.text)} {row.figure}",
    "article": lambda row: (
        f"{row} {_all(row.text)} {row.instrument.symbol} {_all(row.instrument.title)}"
    ),
    "media_item": lambda row: f"{row.headline} {row.outlet} {row.topic}",
    "source": lambda row: f"{row.title} {row.authors} {row.issued}",
}


def _all(text: Mapping[str, str]) -> str:
    return " ".join(dict(text).values())


def _statements(user: User) -> QuerySet[Statement]:
    if not can_see_dialogue(user):
        return Statement.objects.none()
    published = Publication.objects.filter(
        state__in=[Publication.State.PUBLISHED, Publication.State.EMBARGO]
    )
    statements = Statement.objects.filter(
        Q(dialogue__dossier=None) | Q(dialogue__dossier__in=all_readable(user).order_by()),
        dialogue__in=published.order_by().values("dialogue"), state=Statement.State.OPEN,
    )  # fmt: skip
    return statements.select_related("dialogue").order_by("dialogue__code", "number", "pk")


def _findings(user: User) -> QuerySet[Finding]:
    if not can_see_dialogue(user):
        return Finding.objects.none()
    findings = Finding.objects.filter(
        Q(publication__dialogue__dossier=None)
        | Q(publication__dialogue__dossier__in=all_readable(user).order_by()),
        publication__state__in=[Publication.State.PUBLISHED, Publication.State.EMBARGO],
    )  # fmt: skip
    return (
        findings.select_related("publication__dialogue")
        .defer("publication__document", "publication__bundle")
        .order_by("publication__dialogue__code", "-publication__version", "kind", "pk")
    )


def _events(user: User) -> QuerySet[Event]:
    if not can_see_events(user):
        return Event.objects.none()
    minuted = Minutes.objects.filter(audience="public", published_at__isnull=False)
    return events_for(user).filter(pk__in=minuted.order_by().values("event")).order_by(
        "-starts_at", "pk"
    )  # fmt: skip


def _conclusions(user: User) -> QuerySet[Conclusion]:
    conclusions = Conclusion.objects.filter(event__in=_events(user).order_by())
    return conclusions.select_related("event").order_by("-event__starts_at", "position", "pk")


def _facts(user: User) -> QuerySet[Any]:
    return fact_choices(user) if can_see_dossiers(user) else fact_choices(user).none()


def _provisions(user: User) -> QuerySet[Provision]:
    versions = LawVersion.objects.filter(
        readable_by(user, LawVersion), law__in=laws_for(user).order_by()
    )
    provisions = Provision.objects.filter(version__in=versions.order_by()).exclude(text="")
    return provisions.select_related("version__law").order_by(
        "version__law__created_at", "-version__number", "version__language", "position", "pk"
    )


def _comments(user: User) -> QuerySet[Comment]:
    comments = Comment.objects.filter(
        consultation__in=consultations_for(user).order_by(), is_published=True
    )
    return comments.select_related("consultation__law").order_by("consultation", "number", "pk")


def _articles(user: User) -> QuerySet[InstrumentArticle]:
    articles = InstrumentArticle.objects.filter(instrument__in=instruments_for(user).order_by())
    return articles.select_related("instrument").order_by("instrument__symbol", "position", "pk")


CITABLE: Mapping[str, Callable[[Any], QuerySet[Any]]] = {
    "statement": _statements, "finding": _findings, "conclusion": _conclusions, "event": _events,
    "fact": _facts,
    "provision": _provisions, "comment": _comments, "item": items_for, "article": _articles,
    "media_item": media_for, "source": sources_for,
}  # fmt: skip
DOSSIERS: Mapping[str, Callable[[Any], Any]] = {
    "statement": lambda row: row.dialogue.dossier_id,
    "finding": lambda row: row.publication.dialogue.dossier_id,
    "conclusion": lambda row: row.event.dossier_id,
    "event": lambda row: row.dossier_id,
    "fact": lambda row: row.dossier_id,
    "provision": lambda row: row.version.law.dossier_id,
    "comment": lambda row: row.consultation.law.dossier_id,
    "item": lambda row: row.dossier_id,
    "media_item": lambda row: row.dossier_id,
}
