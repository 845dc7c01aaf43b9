"""Laws with the way they go, their versions, and the text of a version as the engine takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.queries.dossiers import all_readable, plain
from hiwar.engine import law as engine
from hiwar.engine.law.addresses import number_of
from hiwar.legislation import rules
from hiwar.legislation.models import Law, LawVersion, LegislativeStep, Provision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.models import User


def laws_for(user: User) -> QuerySet[Law]:
    """Return the laws a user may read, in dossiers they may read, newest first."""
    if not rules.can_see_laws(user):
        return Law.objects.none()
    laws = Law.objects.filter(readable_by(user, Law), dossier__in=all_readable(user).order_by())
    return laws.select_related("dossier", "procedure").order_by("-created_at", "pk")


def search_laws(user: User, words: str = "", sort: str = "") -> QuerySet[Law]:
    """Return the laws a user may read whose title holds all words, of a sort of instrument."""
    laws = laws_for(user)
    laws = laws.filter(sort=sort) if sort else laws
    wanted = plain(words).split()
    if not wanted:
        return laws
    keys = [
        key for key, title in laws.values_list("pk", "title")
        if all(word in plain(" ".join(dict(title).values())) for word in wanted)
    ]  # fmt: skip
    return laws.filter(pk__in=keys)


def versions_for(user: User, law: Law) -> QuerySet[LawVersion]:
    """Return the versions of a law that a user may read, latest first, without their texts."""
    versions = LawVersion.objects.filter(readable_by(user, LawVersion), law=law)
    return versions.defer("text").order_by("-number", "language", "pk")


def steps_of(law: Law) -> list[LegislativeStep]:
    """Return what is known of the way of a law, what has no day last, else by day."""
    steps = list(law.steps.select_related("stage", "recorded_by").order_by("recorded_at", "pk"))
    return sorted(steps, key=lambda step: (step.happened_on is None, step.happened_on or 0))


def dated_steps(steps: Iterable[LegislativeStep]) -> list[LegislativeStep]:
    """Return the steps that have a day, in the order in which they happened.

    Of one day, what was recorded later happened later.
    """
    dated = [step for step in steps if step.happened_on is not None]
    return sorted(dated, key=lambda step: (step.happened_on, step.recorded_at, step.pk))


def standing_of(steps: list[LegislativeStep]) -> LegislativeStep | None:
    """Return the step that says where a law stands: the latest, by day and then as recorded."""
    dated = dated_steps(steps)
    if dated:
        return dated[-1]
    return max(steps, key=lambda step: step.recorded_at, default=None)


def text_of(version: LawVersion) -> engine.Law:
    """Return the text of a version with its structure; one query whatever its size."""
    rows: dict[UUID | None, list[Provision]] = {}
    for row in version.provisions.order_by("position"):
        rows.setdefault(row.parent_id, []).append(row)
    return engine.Law(
        version.language, version.direction, version.preface, version.preamble,
        _below(rows, None), version.conclusion,
    )  # fmt: skip


def _below(
    rows: dict[UUID | None, list[Provision]], parent: UUID | None
) -> tuple[engine.Provision, ...]:
    return tuple(
        engine.Provision(
            row.kind, row.eid, number_of(row.eid), row.label, row.heading, row.text,
            _below(rows, row.pk), row.closing,
        )
        for row in rows.get(parent, [])
    )  # fmt: skip
