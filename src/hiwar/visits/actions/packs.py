"""Packs: asked for, made file by file under a claim, and safe to resume."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.visits import rules
from hiwar.visits.models import PackBuild, PackFile, Traveller

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.visits.models import Visit

LEASE = timedelta(seconds=120)
TRIES = 3
KEPT = 3


@transaction.atomic
def ask_pack(
    *, actor: User, visit: Visit, variants: Sequence[str] = (), now: datetime
) -> PackBuild:
    """Ask for a pack in every variant and language; a build that still waits is returned."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    waiting = visit.packs.filter(state=PackBuild.State.WAITING, version=visit.version).first()
    if waiting is not None:
        return waiting
    wished = variants or list(Traveller.Variant.values)
    build = PackBuild.objects.create(
        visit=visit,
        version=visit.version,
        wanted=[[variant, language] for variant in wished for language in visit.languages],
        asked_by=actor,
        asked_at=now,
    )
    kept = list(visit.packs.order_by("-asked_at", "pk").values_list("pk", flat=True)[:KEPT])
    visit.packs.exclude(pk__in=kept).delete()
    audit(actor, "visits.pack.ask", visit, at=now, changed={"version": visit.version})
    return build


@transaction.atomic
def claim_pack(*, worker: str, now: datetime, lease: timedelta = LEASE) -> PackBuild | None:
    """Take the oldest pack that nobody works on; a claim ends by itself when its worker dies."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = PackBuild.objects.filter(free, state=PackBuild.State.WAITING)
    for build in waiting.order_by("asked_at", "pk")[:5]:
        taken = PackBuild.objects.filter(free, pk=build.pk, state=PackBuild.State.WAITING)
        if taken.update(worker=worker, lease_until=now + lease):
            build.refresh_from_db()
            return build
    return None


def missing_files(build: PackBuild) -> list[tuple[str, str]]:
    """Return the variants and languages that a build still owes."""
    there = set(build.files.values_list("variant", "language"))
    return [(variant, language) for variant, language in build.wanted
            if (variant, language) not in there]  # fmt: skip


@transaction.atomic
def keep_file(
    *,
    build: PackBuild,
    worker: str,
    variant: str,
    language: str,
    content: bytes,
    pages: int,
    now: datetime,
    lease: timedelta = LEASE,
) -> bool:
    """Keep one finished file and prolong the claim; False when the claim was lost."""
    mine = PackBuild.objects.filter(pk=build.pk, worker=worker, state=PackBuild.State.WAITING)
    if not mine.update(lease_until=now + lease):
        return False
    PackFile.objects.get_or_create(
        build=build,
        variant=variant,
        language=language,
        defaults={"content": content, "pages": pages, "size": len(content), "made_at": now},
    )
    return True


@transaction.atomic
def finish_pack(*, build: PackBuild, worker: str, now: datetime) -> None:
    """Say that a pack is complete."""
    mine = PackBuild.objects.filter(pk=build.pk, worker=worker)
    mine.update(
        state=PackBuild.State.DONE, done_at=now, worker="", lease_until=None, error="", failures=0
    )


@transaction.atomic
def fail_pack(*, build: PackBuild, worker: str, error: str, now: datetime) -> None:
    """Count a failure; the third one is the last."""
    for mine in PackBuild.objects.select_for_update().filter(pk=build.pk, worker=worker):
        mine.failures += 1
        mine.error, mine.worker, mine.lease_until = error[:200], "", now + timedelta(seconds=2)
        if mine.failures >= TRIES:
            mine.state = PackBuild.State.FAILED
        mine.save()
