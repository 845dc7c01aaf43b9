"""Who is connected with whom, as far as a reader may know it and as it stood on a day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from hiwar.contacts.models import Membership, Organisation, Person, PostHolding, Relationship
from hiwar.contacts.queries.holders import on
from hiwar.contacts.queries.people import organisations_for, people_for, posts_for
from hiwar.contacts.queries.vocabularies import codes, inverse, label, texts
from hiwar.engine.graph import steps_from

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date
    from typing import TypeAlias, TypeVar
    from uuid import UUID

    from django.db.models import Model, QuerySet

    from hiwar.accounts.rules import Somebody

    M = TypeVar("M", bound=Model)
    Join: TypeAlias = Callable[[Q, Q], Q]

POST, MEMBERSHIP, PART = "post", "membership", "part"
MOST_STEPS = 2
# Lines of one kind that are read at each step: more than anybody reads on a page.
MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Node:
    """A person or a body in a network, and how many steps it stands away."""

    record: Person | Organisation
    step: int
    is_group: bool = False

    @property
    def key(self) -> UUID:
        """By what ties name it."""
        return self.record.pk

    @property
    def is_person(self) -> bool:
        """Whether it is a person."""
        return isinstance(self.record, Person)

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return str(self.record)


@dataclass(frozen=True, slots=True)
class Tie:
    """A connection between two nodes: what kind, since when, until when, known from where."""

    kind: str  # post, membership, part, or a kind of relationship
    first: UUID
    second: UUID
    label: str
    starts_on: date | None = None
    ends_on: date | None = None
    source: str = ""
    is_over: bool = False

    @property
    def group(self) -> str:
        """The kind by which ties are drawn: every relationship of people is one kind."""
        return self.kind if self.kind in {POST, MEMBERSHIP, PART} else "relationship"

    @property
    def is_directed(self) -> bool:
        """Whether the two would say it in different words."""
        return self.group != "relationship" or inverse(self.kind) != self.kind


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes, the nearest first and then by name, and every tie between them."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    is_cut: bool  # whether there is more than is read at once

    @property
    def others(self) -> int:
        """How many there are beside those who were asked about."""
        return sum(node.step > 0 for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Question:
    """What of a network is asked for: the day, how far, which kinds, and whether what is over."""

    day: date
    steps: int = 1
    kinds: frozenset[str] = frozenset()  # none: all
    with_ended: bool = False

    def wants(self, kind: str) -> bool:
        """Return whether a kind is asked for."""
        return not self.kinds or kind in self.kinds

    def dated(self) -> Q:
        """Return the condition of what stands on the day, or had begun by it."""
        if self.with_ended:
            return Q(starts_on=None) | Q(starts_on__lte=self.day)
        return on(self.day)


@dataclass(slots=True)
class _Reading:
    """The reader with what they ask; whether anything was left unread."""

    user: Somebody
    question: Question
    people: set[UUID] = field(default_factory=set)
    is_cut: bool = False

    def lines(self, rows: QuerySet[M]) -> list[M]:
        """Read at most so many lines, and remember whether there were more."""
        listed = list(rows[: MOST_LINES + 1])
        self.is_cut |= len(listed) > MOST_LINES
        return listed[:MOST_LINES]


def tie_kinds() -> list[tuple[str, str]]:
    """Return the kinds of ties by which a network can be asked for, with their wording.

    Of two relationships that say the same from either side, the first stands for both.
    """
    kinds = [(POST, _("posts")), (MEMBERSHIP, _("memberships")), (PART, _("parts of bodies"))]
    return kinds + [(text, label("relationships", text)) for text in texts("relationships")
                    if _canonical(text) == text]  # fmt: skip


def network_of(
    user: Somebody, roots: Sequence[Person | Organisation], question: Question
) -> Network:
    """Return who is connected with the roots that the user may read, within one or two steps.

    Nothing is found through what the user may not read: not a person, not a body, not a post,
    and not a tie that leads through one of them. The number of queries does not grow with the
    number of ties.
    """
    reading = _Reading(user, question)
    people = {root.pk for root in roots if isinstance(root, Person)}
    bodies = {root.pk for root in roots if isinstance(root, Organisation)}
    people &= set(people_for(user).filter(pk__in=people).values_list("pk", flat=True))
    bodies &= set(organisations_for(user).filter(pk__in=bodies).values_list("pk", flat=True))
    begun = people | bodies
    for _step in range(min(question.steps, MOST_STEPS)):
        tied = list(_ties(reading, people, bodies, _either))
        new = {key for tie in tied for key in (tie.first, tie.second)}
        people, bodies = people | reading.people, bodies | (new - reading.people)
    ties = list(_ties(reading, people, bodies, _both))
    return _network(reading, begun, people, bodies, ties)


def _network(
    reading: _Reading,
    begun: Collection[UUID],
    people: Collection[UUID],
    bodies: Collection[UUID],
    ties: list[Tie],
) -> Network:
    records: dict[UUID, Person | Organisation] = {}
    records |= {person.pk: person for person in people_for(reading.user).filter(pk__in=people)}
    records |= {
        organisation.pk: organisation
        for organisation in organisations_for(reading.user).filter(pk__in=bodies)
    }
    names = {key: str(record) for key, record in records.items()}
    keys = sorted(records, key=lambda key: (names[key], str(key)))
    place = {key: at for at, key in enumerate(keys)}
    pairs = [(place[tie.first], place[tie.second]) for tie in ties]
    steps = steps_from(len(keys), pairs, [place[key] for key in keys if key in begun])
    groups = codes("group_kinds")
    nodes = [
        Node(records[key], step, getattr(records[key], "kind", "") in groups)
        for key, step in zip(keys, steps, strict=True)
        if step >= 0
    ]
    nodes.sort(key=lambda node: node.step)
    order = {node.key: at for at, node in enumerate(nodes)}
    known = [tie for tie in ties if tie.first in order and tie.first != tie.second]
    known.sort(key=lambda tie: (
        min(order[tie.first], order[tie.second]), max(order[tie.first], order[tie.second]),
        tie.label, str(tie.starts_on),
    ))  # fmt: skip
    return Network(tuple(nodes), tuple(known), reading.is_cut)


def _ties(
    reading: _Reading, people: Collection[UUID], bodies: Collection[UUID], joined: Join
) -> Iterator[Tie]:
    """Yield the ties that touch one of these, or that lie between two of them."""
    question = reading.question
    seen_people = people_for(reading.user).order_by().values("pk")
    seen_bodies = organisations_for(reading.user).order_by().values("pk")
    if question.wants(POST):
        held = PostHolding.objects.filter(
            question.dated(),
            joined(Q(person__in=people), Q(post__organisation__in=bodies)),
            post__in=posts_for(reading.user).order_by().values("pk"),
            person__in=seen_people,
        )
        for post_holding in reading.lines(held.select_related("post").order_by("starts_on", "pk")):
            reading.people.add(post_holding.person_id)
            tie = Tie(
                POST,
                post_holding.person_id,
                post_holding.post.organisation_id,
                str(post_holding.post),
            )
            yield _dated(post_holding, tie, question.day)
    if question.wants(MEMBERSHIP):
        of_bodies = joined(Q(member__in=bodies), Q(organisation__in=bodies))
        of_people = joined(Q(person__in=people), Q(organisation__in=bodies))
        joins = Membership.objects.filter(
            question.dated(),
            (Q(member__in=seen_bodies) & of_bodies) | (Q(person__in=seen_people) & of_people),
            organisation__in=seen_bodies,
        )
        for row in reading.lines(joins.order_by("starts_on", "pk")):
            member = row.person_id or row.member_id
            if member is None:
                continue
            if row.person_id:
                reading.people.add(row.person_id)
            tie = Tie(MEMBERSHIP, member, row.organisation_id, row.role or _("member"))
            yield _dated(row, tie, question.day)
    yield from _relationships(reading, people, joined)
    if question.wants(PART):
        parts = organisations_for(reading.user).filter(
            joined(Q(pk__in=bodies), Q(parent__in=bodies)), parent__in=seen_bodies
        )
        for part in reading.lines(parts.order_by("code", "pk")):
            if part.parent_id:
                yield Tie(PART, part.pk, part.parent_id, _("part of"))


def _relationships(reading: _Reading, people: Collection[UUID], joined: Join) -> Iterator[Tie]:
    question = reading.question
    wanted = [kind for kind in texts("relationships") if question.wants(_canonical(kind))]
    if not wanted:
        return
    seen = people_for(reading.user).order_by().values("pk")
    relationships = Relationship.objects.filter(
        question.dated(),
        joined(Q(person__in=people), Q(other__in=people)),
        person__in=seen,
        other__in=seen,
    )
    if question.kinds:
        relationships = relationships.filter(kind__in=wanted)
    for relationship in reading.lines(relationships.order_by("starts_on", "pk")):
        text = label("relationships", relationship.kind)
        reading.people |= {relationship.person_id, relationship.other_id}
        yield _dated(
            relationship,
            Tie(relationship.kind, relationship.person_id, relationship.other_id, text),
            question.day,
        )


def _dated(row: PostHolding | Membership | Relationship, tie: Tie, day: date) -> Tie:
    """Return a tie with the days and the source of its row."""
    is_over = row.ends_on is not None and row.ends_on < day
    return replace(
        tie, starts_on=row.starts_on, ends_on=row.ends_on, source=row.source, is_over=is_over
    )


def _canonical(kind: str) -> str:
    listed = list(texts("relationships"))
    other = inverse(kind)
    return min(
        (kind, other), key=lambda code: listed.index(code) if code in listed else len(listed)
    )


def _either(first: Q, other: Q) -> Q:
    return first | other


def _both(first: Q, other: Q) -> Q:
    return first & other
