"""Questions about the barrier register: whose barriers, where, of which kind, in which state."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.models import AffectedGroup, Barrier, Dossier
from hiwar.dossiers.queries.dossiers import plain
from hiwar.dossiers.queries.extension_points import BarrierLink, barrier_links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.dossiers.queries.dossiers import Reader


@dataclass(frozen=True, slots=True)
class Wish:
    """Which barriers are asked for; an empty wish is no condition.

    ``link`` is ``kind:state`` of what was done about a barrier, such as a commitment that was
    kept, as rooms above tell it.
    """

    words: str = ""
    group: str = ""
    locality: str = ""
    kind: str = ""
    state: str = ""
    link: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for in particular."""
        return not any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Row:
    """A barrier in the register, with who meets it and what was done about it."""

    barrier: Barrier
    groups: tuple[str, ...]
    links: tuple[BarrierLink, ...]


def readable_barriers(user: Reader) -> QuerySet[Barrier]:
    """Return the barriers a person may read: none that belongs to a dossier closed to them."""
    open_dossier = Q(dossier=None) | readable_by(user, Dossier, path="dossier__")
    return (
        Barrier.objects.filter(readable_by(user, Barrier), open_dossier)
        .select_related("place", "dossier", "fact")
        .prefetch_related(Prefetch("groups", AffectedGroup.objects.order_by("group", "pk")))
        .order_by("-identified_on", "pk")
    )


def find_barriers(user: User, wish: Wish) -> list[Row]:
    """Return the rows of the register that answer a wish, newest first."""
    barriers = readable_barriers(user)
    if wish.group:
        barriers = barriers.filter(groups__group=wish.group)
    if wish.locality:
        barriers = barriers.filter(locality_kind=wish.locality)
    if wish.kind:
        barriers = barriers.filter(kind=wish.kind)
    if wish.state:
        barriers = barriers.filter(state=wish.state)
    rows = barrier_rows(user, barriers)
    if wish.link:
        rows = [row for row in rows if wish.link in {link_code(link) for link in row.links}]
    wanted = plain(wish.words).split()
    return [row for row in rows if _has_words(row.barrier, wanted)]


def barrier_rows(user: User, barriers: Iterable[Barrier]) -> list[Row]:
    """Return barriers with their groups and with what was done about them."""
    listed = list(barriers)
    links = barrier_links(user, [barrier.pk for barrier in listed])
    return [
        Row(
            barrier,
            tuple(group.group for group in barrier.groups.all()),
            tuple(links.get(barrier.pk, ())),
        )
        for barrier in listed
    ]


def barrier_counts(user: Reader) -> dict[str, int]:
    """Return how many barriers a person may read in each state."""
    keys = readable_barriers(user).order_by("pk").values("pk")
    counted = Barrier.objects.filter(pk__in=keys).order_by("state").values("state")
    return dict(counted.annotate(n=Count("pk")).values_list("state", "n"))


def link_choices(user: User) -> list[tuple[str, str, str]]:
    """Return what was done about any readable barrier: code, kind and state in words."""
    keys = list(readable_barriers(user).values_list("pk", flat=True))
    choices = {
        (link_code(link), link.label, link.state_label)
        for links in barrier_links(user, keys).values()
        for link in links
    }
    return sorted(choices)


def link_code(link: BarrierLink) -> str:
    """Return the code by which the register is filtered for what was done."""
    return f"{link.kind}:{link.state}"


def _has_words(barrier: Barrier, wanted: list[str]) -> bool:
    texts = [*barrier.title.values(), *barrier.evidence.values()]
    texts += [*barrier.place.name.values()] if barrier.place else []
    folded = plain(" ".join(texts))
    return all(word in folded for word in wanted)
