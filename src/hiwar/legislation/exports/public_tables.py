"""What laws lend to the open data: texts, steps, proposals, comments that may be read, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Visibility
from hiwar.common.navigation import PageSource, PublicPage, paths_of
from hiwar.common.tables.lending import (
    DOSSIER,
    KEY,
    PAGE,
    PUBLISHED,
    TITLE,
    Column,
    Holds,
    PublicTable,
    Theme,
    page_address,
)
from hiwar.dossiers.queries.public import public_codes
from hiwar.legislation.models import (
    Amendment,
    AmendmentOutcome,
    Comment,
    LawVersion,
    LegislativeStep,
    OfficialAnswer,
)
from hiwar.legislation.queries.public import (
    PROVEN,
    article_slug,
    public_laws,
    public_source,
    version_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

LAW = Column("law", _("Key of the law."))
ARTICLE = Column("article", _("Address of the article inside the law; empty for the whole of it."))


def _versions() -> QuerySet[LawVersion]:
    return LawVersion.objects.filter(
        visibility=Visibility.PUBLIC, law__in=public_laws().order_by().values("pk")
    )


def laws(_now: datetime) -> Iterator[list[object]]:
    """Yield the laws that everybody may read, newest first."""
    codes = public_codes()
    for law in public_laws():
        yield [
            law.pk, law.title, law.sort, law.country, law.summary, codes.get(law.dossier_id),
            page_address("public_laws:law", law.pk),
        ]  # fmt: skip


def versions(_now: datetime) -> Iterator[list[object]]:
    """Yield the versions that everybody may read, of each law the latest first."""
    listed = _versions().defer("text", "preface", "preamble", "conclusion")
    for version in listed.order_by("-law__created_at", "law", "-number", "language", "pk"):
        yield [
            version.pk, version.law_id, version.number, version.language, version.dated_on,
            version.authority, version.is_unofficial, public_source(version),
            version.published_at,
            page_address("public_laws:text", version.law_id, version_name(version)),
        ]  # fmt: skip


def steps(_now: datetime) -> Iterator[list[object]]:
    """Yield the steps of laws that are proven by what everybody may know."""
    listed = LegislativeStep.objects.filter(
        law__in=public_laws().order_by().values("pk"), evidence__in=PROVEN
    )
    for step in listed.select_related("stage").order_by("law", "happened_on", "recorded_at", "pk"):
        yield [
            step.pk, step.law_id, step.kind, step.stage.name if step.stage else None,
            step.happened_on, step.evidence,
        ]  # fmt: skip


def proposals(_now: datetime) -> Iterator[list[object]]:
    """Yield the published proposals, each with what became of it in a published version."""
    readable = _versions().order_by().values("pk")
    results = dict(
        AmendmentOutcome.objects.filter(version__in=readable)
        .order_by("version__number", "pk")
        .values_list("amendment", "result")
    )
    listed = Amendment.objects.filter(is_published=True, version__in=readable)
    for row in listed.select_related("version").order_by("law", "number", "pk"):
        slug = article_slug(row.eid.partition("__")[0])
        yield [
            row.pk, row.law_id, row.number, row.version.number, row.eid, row.kind, row.words,
            row.text, row.reason, row.affected, results.get(row.pk),
            page_address("public_laws:article", row.law_id, slug),
        ]  # fmt: skip


def comments(_now: datetime) -> Iterator[list[object]]:
    """Yield the comments whose authors agreed and that were let through, without addresses.

    Names stand where their owners wanted it; what becomes of a comment, once all are answered.
    """
    listed = Comment.objects.filter(
        is_published=True, may_publish=True,
        consultation__version__in=_versions().order_by().values("pk"),
    ).defer("contact", "link")  # fmt: skip
    for row in listed.select_related("consultation").order_by("consultation", "number"):
        is_answered = row.consultation.answered_at is not None
        law = row.consultation.law_id
        yield [
            row.pk, law, row.consultation_id, row.number, row.eid, row.shown, row.language,
            row.submitter, row.name if row.may_name else None,
            row.organisation if row.may_name else None,
            row.disposition if is_answered else None,
            row.disposition_reason if is_answered else None,
            page_address("public_laws:consultation", law, row.consultation_id),
        ]  # fmt: skip


def answers(_now: datetime) -> Iterator[list[object]]:
    """Yield the official answers about laws that everybody may read, newest first."""
    listed = OfficialAnswer.objects.filter(
        is_published=True, law__in=public_laws().order_by().values("pk")
    )
    for row in listed.order_by("-answered_on", "pk"):
        yield [row.pk, row.law_id, row.eid, row.body, row.text, row.source, row.answered_on]


def law_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield the laws that everybody may read: news is the text that was published last."""
    codes = public_codes()
    published: dict[object, datetime | None] = dict(
        _versions().order_by("published_at").values_list("law", "published_at")
    )
    for law in public_laws():
        at = published.get(law.pk)
        yield PublicPage(
            str(law.pk), law.title, paths_of("public_laws:law", law.pk), at, at,
            summary=law.summary, dossier=codes.get(law.dossier_id, ""),
        )  # fmt: skip


PUBLIC_PAGES = PageSource("laws", 50, _("Laws we follow"), law_pages)

PUBLIC_TABLES = (
    PublicTable(
        "laws", 60, _("Laws we follow"), _("Laws and drafts whose text is published here."),
        Theme.LAW,
        (
            KEY, TITLE, Column("sort", _("Sort of instrument, as a code.")),
            Column("country", _("Code of the country.")),
            Column("summary", _("What it is about, in plain words."), Holds.TEXTS), DOSSIER, PAGE,
        ),
        laws,
    ),
    PublicTable(
        "law-versions", 61, _("Versions of laws"),
        _("The published texts of each law: of what day, from where."), Theme.LAW,
        (
            KEY, LAW, Column("number", _("Number of the version."), Holds.INTEGER),
            Column("language", _("Code of its language.")),
            Column("dated_on", _("Day of the text."), Holds.DAY),
            Column("authority", _("Standing of the text, as a code.")),
            Column("is_unofficial", _("Whether it is an unofficial translation."), Holds.BOOLEAN),
            Column("source", _("Where it comes from, as far as everybody may know.")), PUBLISHED,
            PAGE,
        ),
        versions,
    ),
    PublicTable(
        "law-steps", 62, _("Steps of laws"),
        _("What happened with each law and what proves it."), Theme.LAW,
        (
            KEY, LAW, Column("kind", _("Kind, as a code.")),
            Column("stage", _("The stage it came to."), Holds.TEXTS),
            Column("on", _("The day."), Holds.DAY),
            Column("evidence", _("What proves it, as a code.")),
        ),
        steps,
    ),
    PublicTable(
        "law-proposals", 63, _("Proposed amendments"),
        _("What the institution proposed to change in drafts, why, and what became of it."),
        Theme.LAW,
        (
            KEY, LAW, Column("number", _("Number of the proposal in its law."), Holds.INTEGER),
            Column("version", _("Number of the version it is on."), Holds.INTEGER), ARTICLE,
            Column("kind", _("Kind, as a code.")),
            Column("words", _("The words that others take the place of."), Holds.TEXTS),
            Column("text", _("The new text."), Holds.TEXTS),
            Column("reason", _("Why."), Holds.TEXTS),
            Column("affected", _("Who is affected."), Holds.TEXTS),
            Column("result", _("What became of it, as a code; empty as long as nobody confirmed "
                               "it.")),
            PAGE,
        ),
        proposals,
    ),
    PublicTable(
        "law-comments", 64, _("Comments on drafts"),
        _("Comments that their authors wanted published, with the answer each got."), Theme.LAW,
        (
            KEY, LAW, Column("consultation", _("Key of the consultation.")),
            Column("number", _("Number of the comment."), Holds.INTEGER), ARTICLE,
            Column("text", _("The comment, without private details.")),
            Column("language", _("Code of its language.")),
            Column("submitter", _("Who comments, as a code.")),
            Column("name", _("Name, where its owner wanted it.")),
            Column("organisation", _("Organisation, where it wanted to be named.")),
            Column("disposition", _("What becomes of it, as a code.")),
            Column("answer", _("The answer it got.")), PAGE,
        ),
        comments,
    ),
    PublicTable(
        "law-answers", 65, _("Official answers about laws"),
        _("What authorities answered about laws and their articles."), Theme.LAW,
        (
            KEY, LAW, ARTICLE, Column("body", _("Who answered.")),
            Column("text", _("The answer."), Holds.TEXTS),
            Column("source", _("Where it is known from.")),
            Column("answered_on", _("The day."), Holds.DAY),
        ),
        answers,
    ),
)  # fmt: skip
