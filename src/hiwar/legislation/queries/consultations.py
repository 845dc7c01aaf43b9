"""Consultations with their comments: counted, grouped into letters, and what is still owed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hiwar.common import dates
from hiwar.common.crypto import seal, unsealed_text
from hiwar.engine.law import Grouping, group_comments
from hiwar.legislation.models import Comment, Consultation
from hiwar.legislation.queries.laws import laws_for, versions_for
from hiwar.legislation.queries.public import article_slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.common.models import PrivateLink
    from hiwar.legislation.models import Law, LawVersion

BY_LINK = "legislation.comment"


def consultations_for(user: User) -> QuerySet[Consultation]:
    """Return the consultations of the laws that a user may read, newest first."""
    consultations = Consultation.objects.filter(law__in=laws_for(user).order_by())
    return consultations.select_related("law", "version").order_by("-created_at", "pk")


def consultations_of(user: User, law: Law) -> list[Consultation]:
    """Return the consultations on versions of a law that a user may read, newest first."""
    readable = versions_for(user, law).order_by().values("pk")
    return list(consultations_for(user).filter(law=law, version__in=readable))


def comment_behind_link(link: PrivateLink) -> Comment | None:
    """Return the comment that a private link was made for."""
    comments = Comment.objects.filter(link=link).select_related("consultation__law")
    return comments.select_related("consultation__version").first()


def contact_place(key: UUID) -> str:
    """Return the place for which the address of a commenter is sealed."""
    return f"legislation.comment.contact:{key}"


def sealed_contact(address: str, key: UUID) -> bytes:
    """Return an address as it is kept; nothing for none."""
    return seal(address.strip().encode(), contact_place(key)) if address.strip() else b""


def contact_of(comment: Comment) -> str:
    """Return the address that a comment left for its answer; empty where none is kept."""
    return unsealed_text(comment.contact, contact_place(comment.pk))


def articles_to_comment(version: LawVersion) -> list[tuple[str, str]]:
    """Return address and name of each article of a version, in order; one query."""
    rows = version.provisions.filter(kind="article").order_by("position")
    return [
        (row.eid, " · ".join(filter(None, (row.label, row.heading))))
        for row in rows.only("eid", "label", "heading", "position", "version_id")
    ]


@lru_cache(maxsize=8)
def _grouped(consultation: UUID, count: int, last: UUID) -> tuple[tuple[UUID, ...], Grouping]:
    """Group the comments of a consultation; ``count`` and ``last`` say which these are.

    Comments come at the end and go anywhere, so that one that has gone makes another group of
    them whichever came after it, under whatever number.
    """
    rows = Comment.objects.filter(consultation=consultation).order_by("number")
    comments = list(rows.values_list("pk", "text", "eid"))
    version = Consultation.objects.select_related("version").get(pk=consultation).version
    grouping = group_comments(
        [text for _key, text, _eid in comments],
        targets=[eid for _key, _text, eid in comments], draft=version.text.split("\n"),
    )  # fmt: skip
    return tuple(key for key, _text, _eid in comments), grouping


@dataclass(frozen=True, slots=True)
class Letters:
    """The comments of a consultation as letters; a comment that nobody repeats is one by itself.

    ``leaders`` names the comment that stands for each comment, ``members`` the comments of each
    leader in order, ``same`` those with the leader's very words, ``beside`` the letter that a
    comment is shown beside, with why it is none.
    """

    comments: int = 0
    texts: int = 0
    leaders: Mapping[UUID, UUID] = field(default_factory=dict)
    members: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    same: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    beside: Mapping[UUID, tuple[UUID, str]] = field(default_factory=dict)


def letters_of(consultation: Consultation, numbers: Sequence[int]) -> Letters:
    """Return the comments as letters; ``numbers`` are those of all its comments."""
    if not numbers:
        return Letters()
    last = consultation.comments.only("pk").get(number=max(numbers))
    keys, grouping = _grouped(consultation.pk, len(numbers), last.pk)
    leaders, members, same = {}, {}, {}
    for group in grouping.groups:
        leader = keys[group.leader]
        members[leader] = tuple(keys[member.at] for member in group.members)
        same[leader] = frozenset(
            keys[member.at] for member in group.members if member.kind != "near"
        )
        leaders.update(dict.fromkeys(members[leader], leader))
    beside = {keys[link.at]: (keys[link.leader], link.reason) for link in grouping.links}
    return Letters(grouping.comments, grouping.texts, leaders, members, same, beside)


@dataclass(frozen=True, slots=True)
class Counts:
    """Comments counted, each by what it is; texts are different ones."""

    comments: int
    texts: int
    by_article: tuple[tuple[str, str, int], ...]  # address, name, how many
    whole: int
    without: tuple[str, ...]
    kinds: Mapping[str, int]
    suggested: Mapping[str, int]
    stances: Mapping[str, int]
    channels: Mapping[str, int]
    dispositions: Mapping[str, int]

    @property
    def owed(self) -> int:
        """How many comments nobody has said yet what becomes of."""
        return self.dispositions.get("", 0)

    @property
    def settled(self) -> int:
        """How many comments have a disposition."""
        return self.comments - self.owed


def counts_of_comments(
    consultation: Consultation, comments: Sequence[Comment], letters: Letters
) -> Counts:
    """Return what is counted of a consultation, from comments that are read already."""
    articles = articles_to_comment(consultation.version)
    counted = Counter(comment.eid for comment in comments)
    return Counts(
        comments=len(comments), texts=letters.texts,
        by_article=tuple((eid, name, counted[eid]) for eid, name in articles if counted[eid]),
        whole=counted[""], without=tuple(name for eid, name in articles if not counted[eid]),
        kinds=dict(Counter(comment.kind for comment in comments if comment.kind)),
        suggested=dict(Counter(comment.kind or comment.suggested_kind for comment in comments)),
        stances=dict(Counter(comment.stance for comment in comments)),
        channels=dict(Counter(comment.channel for comment in comments)),
        dispositions=dict(Counter(comment.disposition for comment in comments)),
    )  # fmt: skip


def comments_of(consultation: Consultation) -> list[Comment]:
    """Return all comments of a consultation in their order, without what is sealed."""
    comments = list(consultation.comments.defer("contact").order_by("number"))
    for comment in comments:
        comment.consultation = consultation
    return comments


def public_comments(consultation: Consultation) -> list[Comment]:
    """Return the comments that everybody may read: their authors agreed, we let them through."""
    comments = Comment.objects.filter(
        consultation=consultation, is_published=True, may_publish=True
    )
    return list(comments.defer("contact", "link").order_by("number"))


def public_consultations(law: Law) -> list[Consultation]:
    """Return the consultations on published versions of a public law, newest first."""
    consultations = Consultation.objects.filter(law=law, version__visibility="public")
    return list(consultations.select_related("version").order_by("-created_at", "pk"))


def open_public_consultations(now: datetime) -> list[Consultation]:
    """Return the consultations on public drafts that take comments now, by when they close."""
    consultations = Consultation.objects.filter(
        law__visibility="public",
        version__visibility="public",
        answered_at=None,
        closes_on__gte=dates.local_day(now) - timedelta(days=1),
    )
    open_now = [
        consultation
        for consultation in consultations.select_related("law")
        if consultation.state(now) == "open"
    ]
    return sorted(open_now, key=lambda consultation: consultation.closes_at)


def article_counts(law: Law) -> dict[str, int]:
    """Return how many comments articles of a law have had, by how they stand in addresses."""
    eids = Comment.objects.filter(
        consultation__law=law, consultation__version__visibility="public"
    ).values_list("eid", flat=True)  # fmt: skip
    return dict(Counter(article_slug(eid) for eid in eids.order_by()))
