"""Packs: asked for, made file by file, and safe to resume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.files.actions import erase_files, stage_file, store_file
from hiwar.visits import rules
from hiwar.visits.models import PackBuild, PackFile, Traveller
from hiwar.visits.queries.files import CODE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.visits.models import Visit

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
        wanted=[[variant, language] for variant in wished for language in visit.pack_languages],
        asked_by=actor,
        asked_at=now,
    )
    jobs.enqueue("visits.make_pack", build.pk, key=pack_key(build), now=now)
    kept = list(visit.packs.order_by("-asked_at", "pk").values_list("pk", flat=True)[:KEPT])
    drop_packs(builds=visit.packs.exclude(pk__in=kept), now=now)
    audit(actor, "visits.pack.ask", visit, at=now, changed={"version": visit.version})
    return build


def pack_key(build: PackBuild) -> str:
    """Return the key of the job that makes a pack."""
    return f"visits.pack {build.pk}"


def missing_files(build: PackBuild) -> list[tuple[str, str]]:
    """Return the variants and languages that a build still owes."""
    there = set(build.files.values_list("variant", "language"))
    return [(variant, language) for variant, language in build.wanted
            if (variant, language) not in there]  # fmt: skip


def keep_file(
    *, build: PackBuild, variant: str, language: str, content: bytes, pages: int, now: datetime
) -> None:
    """Keep one finished file; one that is there already stays as it is.

    The disk is waited for before the transaction. Raises what ``stage_file`` raises.
    """
    name = f"{build.visit.code}-v{build.version}-{variant}-{language}.pdf"
    staged = stage_file(kind=CODE, name=name, content=content, now=now)
    with transaction.atomic():
        locked = PackBuild.objects.select_for_update().filter(pk=build.pk).first()
        if locked is None or (variant, language) not in missing_files(locked):
            return
        file = store_file(actor=None, file=staged, now=now)
        PackFile.objects.create(
            build=locked, variant=variant, language=language, file=file, pages=pages, made_at=now
        )


@transaction.atomic
def drop_packs(*, builds: QuerySet[PackBuild], now: datetime) -> int:
    """Destroy packs with their files; return how many rows went."""
    files = list(PackFile.objects.filter(build__in=builds).values_list("file", flat=True))
    count = builds.delete()[0]
    erase_files(actor=None, keys=files, now=now)
    return count


@transaction.atomic
def finish_pack(*, build: PackBuild, now: datetime) -> None:
    """Say that a pack is complete."""
    waiting = PackBuild.objects.filter(pk=build.pk).exclude(state=PackBuild.State.DONE)
    waiting.update(state=PackBuild.State.DONE, done_at=now, error="", failures=0)


@transaction.atomic
def fail_pack(*, build: PackBuild, error: str) -> None:
    """Count a failure; the third one is the last."""
    for row in PackBuild.objects.select_for_update().filter(pk=build.pk):
        row.failures += 1
        row.error = error[:200]
        if row.failures >= TRIES:
            row.state = PackBuild.State.FAILED
        row.save(update_fields=["failures", "error", "state"])


@transaction.atomic
def give_up_pack(*, key: str, error: str) -> None:
    """Mark a pack failed whose job failed for good without telling, as a killed process does."""
    PackBuild.objects.filter(pk=key, state=PackBuild.State.WAITING).update(
        state=PackBuild.State.FAILED, error=error[:200]
    )
