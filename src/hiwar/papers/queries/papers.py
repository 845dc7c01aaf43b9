"""Which papers a person may read, and what each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.queries.dossiers import all_readable, plain
from hiwar.papers import rules
from hiwar.papers.models import (
    Block,
    BlockConflict,
    BlockVersion,
    Paper,
    PaperVersion,
    Review,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from hiwar.accounts.models import User

    Reader = User | AnonymousUser


def papers_for(user: Reader) -> QuerySet[Paper]:
    """Return the papers a person may read at the desk, the last changed first."""
    if not rules.can_see_papers(user):
        return Paper.objects.none()
    papers = Paper.objects.filter(
        readable_by(user, Paper),
        Q(dossier=None) | Q(dossier__in=all_readable(user).order_by()),
    )
    return papers.select_related("dossier", "owner", "signing").order_by("-changed_at", "pk")


def is_address_taken(code: str) -> bool:
    """Return whether any paper has an address, one that the asker may not read too."""
    return Paper.objects.filter(code=code).exists()


def search_papers(user: User, words: str = "", state: str = "") -> QuerySet[Paper]:
    """Return the papers a person may read whose title holds all words, in a state."""
    papers = papers_for(user)
    if state:
        papers = papers.filter(state=state)
    wanted = plain(words).split()
    if wanted:
        keys = [
            key for key, title, code in papers.values_list("pk", "title", "code")
            if all(word in plain(f"{' '.join(dict(title).values())} {code}") for word in wanted)
        ]  # fmt: skip
        papers = papers.filter(pk__in=keys)
    return papers


def open_conflicts(paper: Paper) -> QuerySet[BlockConflict]:
    """Return what a person has to decide in a paper, in the order of its blocks."""
    conflicts = BlockConflict.objects.filter(block__paper=paper, settled_at=None)
    return conflicts.select_related("block", "made_by").order_by("block__position", "made_at", "pk")


def blocks_of(paper: Paper) -> list[Block]:
    """Return the blocks that stand, in order, each with its recommendation if it is one."""
    blocks = Block.objects.filter(paper=paper, deleted_at=None)
    return list(
        blocks.select_related(
            "recommendation__post__organisation", "recommendation__amendment__law"
        )
        .prefetch_related("recommendation__equity_notes")
        .order_by("position", "pk")
    )


def waiting_counts(papers: Iterable[Paper]) -> dict[UUID, dict[str, int]]:
    """Count by paper what waits: ``conflicts`` and ``reviews``; two queries for all."""
    keys = [paper.pk for paper in papers]
    counts: dict[UUID, dict[str, int]] = {key: {"conflicts": 0, "reviews": 0} for key in keys}
    conflicts = BlockConflict.objects.filter(block__paper__in=keys, settled_at=None)
    for key, number in conflicts.values_list("block__paper").annotate(n=Count("pk")).order_by():
        counts[key]["conflicts"] = number
    reviews = Review.objects.filter(paper__in=keys, finished_at=None)
    for key, number in reviews.values_list("paper").annotate(n=Count("pk")).order_by():
        counts[key]["reviews"] = number
    return counts


def history_of(block: Block) -> list[BlockVersion]:
    """Return what a block said before, the newest first."""
    return list(block.versions.select_related("edited_by").order_by("-revision", "pk"))


def reviews_waiting_for(user: User) -> QuerySet[Review]:
    """Return the reviews that a person is asked for and has not finished, the first due first."""
    reviews = Review.objects.filter(
        reviewer=user, finished_at=None, paper__in=papers_for(user).order_by()
    )
    return reviews.select_related("paper").order_by("due_on", "pk")


def published_versions() -> QuerySet[PaperVersion]:
    """Return the versions that everybody may read, withdrawn ones too: their page says why."""
    return PaperVersion.objects.filter(published_at__isnull=False)


def public_papers() -> QuerySet[PaperVersion]:
    """Return the newest published version of each paper that stands, the newest first."""
    newer = published_versions().filter(paper=OuterRef("paper"), number__gt=OuterRef("number"))
    versions = published_versions().filter(~Exists(newer), withdrawn_at=None)
    return versions.select_related("paper").order_by("-published_at", "pk")


def public_versions(code: str) -> list[PaperVersion]:
    """Return the published versions of a paper, the newest first; none where it has none."""
    versions = published_versions().filter(paper__code=code)
    return list(versions.select_related("paper", "signed_version").order_by("-number"))


def names_of_papers(keys: Iterable[str]) -> Mapping[str, str]:
    """Return the titles of published papers that all staff may read, by key: no draft is named."""
    published = published_versions().order_by().values("paper")
    papers = Paper.objects.filter(pk__in=list(keys)).filter(pk__in=published)
    papers = papers.exclude(visibility__in=("personal", "team"))
    return {str(paper.pk): str(paper) for paper in papers}
