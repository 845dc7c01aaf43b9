"""Questions about results: whose map is stale, what was found, what the public may read."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum

from hiwar.analysis.conversation import Conversation
from hiwar.analysis.document import without_people
from hiwar.common import jobs
from hiwar.common.pauses import shown_at
from hiwar.dialogues.models import (
    Dialogue,
    MapRequest,
    OpinionMap,
    Participant,
    Publication,
    Statement,
    Vote,
)
from hiwar.engine.opinion.continuity import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.dialogues.queries.matrix import VoteMatrix

MAP = "dialogues.map "
SMALLEST_LIVE = 20
LONGEST_UNPUBLISHED = timedelta(days=365)
VERDICT_KEPT = 3600


def map_key(dialogue: Dialogue) -> str:
    """Return the key of the job that makes a dialogue's map."""
    return f"{MAP}{dialogue.pk}"


@dataclass(frozen=True, slots=True)
class Stale:
    """A dialogue whose votes are no longer those of its map, and the mark of its votes."""

    dialogue: Dialogue
    mark: str


def stale_dialogues(now: datetime) -> list[Stale]:
    """Return the dialogues that need a map and that nobody works on, the longest waiting first.

    Voting writes nothing for the map: whether votes changed is read from the votes themselves.
    """
    waits = (
        Q(map_request=None)
        | Q(map_request__pause_until=None)
        | Q(map_request__pause_until__lte=now)
    )
    unfinished = (
        Q(map_request=None)
        | Q(map_request__mark="")
        | Q(map_request__started_at__lte=F("closed_at"))
    )
    maps = (
        Dialogue.objects.filter(waits)
        .filter(Q(state=Dialogue.State.OPEN) | (Q(state=Dialogue.State.CLOSED) & unfinished))
        .select_related("map_request")
        .order_by(F("map_request__started_at").asc(nulls_first=True), "pk")
    )
    asked = jobs.open_keys(MAP)
    stale = []
    for dialogue in maps:
        if map_key(dialogue) in asked:
            continue
        mark = mark_of_votes(dialogue)
        request = getattr(dialogue, "map_request", None)
        if request is None or request.mark != mark:
            stale.append(Stale(dialogue, mark))
    return stale


def mark_of_votes(dialogue: Dialogue) -> str:
    """Return a text that changes whenever the map of a dialogue would.

    A vote's sequence only grows, so no accepted vote leaves count and sum as they were. The sum is
    taken in two halves, because a phone may choose numbers whose sum no database could hold.
    """
    votes = Vote.objects.filter(statement__dialogue=dialogue).aggregate(
        n=Count("pk"),
        high=Sum(F("sequence").bitrightshift(31)),
        low=Sum(F("sequence").bitand(2**31 - 1)),
    )
    statements = Statement.objects.filter(dialogue=dialogue).order_by("pk")
    rows = list(statements.values_list("pk", "state", "is_meta", "derived_from_id"))
    people = Participant.objects.filter(dialogue=dialogue).aggregate(
        blocked=Count("pk", filter=Q(is_blocked=True)),
        merged=Count("pk", filter=Q(merged_into__isnull=False)),
    )
    shape = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
    is_final = dialogue.state == Dialogue.State.CLOSED
    return (
        f"{votes['n']}:{votes['high'] or 0}:{votes['low'] or 0}:{shape}"
        f":{people['blocked']}:{people['merged']}:{'final' if is_final else 'live'}"
    )


def conversation_of(dialogue: Dialogue, matrix: VoteMatrix) -> Conversation:
    """Return the votes as the analysis reads them; people are numbered and have no key."""
    return Conversation(
        votes=matrix.votes,
        moderation=matrix.moderation,
        participant_ids=range(matrix.votes.n_participants),
        statement_ids=matrix.numbers.tolist(),
        texts=[dict(statement.text) for statement in matrix.statements],
        files=(),
        title=str(dialogue.title),
        question=str(dialogue.question),
    )


def latest_map(dialogue: Dialogue) -> OpinionMap | None:
    """Return the newest map of a dialogue."""
    return OpinionMap.objects.filter(dialogue=dialogue).order_by("-computed_at", "pk").first()


def live_document(dialogue: Dialogue) -> dict[str, Any] | None:
    """Return the newest map as it may be shown while people vote; None below twenty people."""
    newest = latest_map(dialogue)
    if newest is None or newest.participants < max(SMALLEST_LIVE, dialogue.threshold):
        return None
    return document_of(newest)


def live_verdict(dialogue: Dialogue) -> str:
    """Say what may be told of groups while people vote, in one code.

    Returns
    -------
    str
        "gap", "no_gap" or "nothing"; empty where nothing may be told yet.
    """
    maps = OpinionMap.objects.filter(dialogue=dialogue).defer("document")
    newest = maps.order_by("-computed_at", "pk").first()
    if newest is None or newest.participants < max(SMALLEST_LIVE, dialogue.threshold):
        return ""
    # A map never changes; unpacking a large one for every look at a wall would cost too much.
    key = f"dialogues.verdict:{newest.pk}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = verdict_of(document_of(newest))
        cache.set(key, kept, VERDICT_KEPT)
    return kept


def verdict_of(document: Mapping[str, Any]) -> str:
    """Return "gap" or "no_gap" where groups are shown, else "nothing"; empty when not asked."""
    gap = document.get("gap")
    if not gap:
        return ""
    if document["outcome"] != "groups":
        return "nothing"
    return str(gap["verdict"])


def document_of(opinion_map: OpinionMap) -> dict[str, Any]:
    """Return the JSON document of a map."""
    document: dict[str, Any] = json.loads(zlib.decompress(bytes(opinion_map.document)))
    # Maps made before places were told in cells.
    return without_people(document) if "participants" in document else document


def remembered_map(dialogue: Dialogue, numbers: Sequence[int]) -> Remembered | None:
    """Return what the newest map tells without its people, for statements in a given order.

    With it the next map keeps the letters of groups and the direction of axes.
    """
    newest = latest_map(dialogue)
    if newest is None:
        return None
    document = document_of(newest)
    rows = {row["id"]: row for row in document["statements"]}
    groups = [str(group["id"]) for group in document["groups"]]
    leaning = np.full((len(groups), len(numbers)), np.nan)
    position = np.full((len(numbers), 2), np.nan)
    for column, number in enumerate(numbers):
        row = rows.get(number)
        if row is None:
            continue
        position[column] = [np.nan if row[axis] is None else row[axis] for axis in ("x", "y")]
        for at, group in enumerate(groups):
            counts = row["counts_by_group"][group]
            if counts["seen"]:
                leaning[at, column] = (counts["agree"] - counts["disagree"]) / counts["seen"]
    return Remembered(leaning, position)


def map_progress(dialogue: Dialogue) -> jobs.JobState | None:
    """Return how far the next map is, and how often it failed."""
    return jobs.state_of(map_key(dialogue))


def final_map(dialogue: Dialogue) -> OpinionMap | None:
    """Return the map of exactly the votes of a closed dialogue, or None while it is being made."""
    request = MapRequest.objects.filter(dialogue=dialogue).first()
    if dialogue.state != Dialogue.State.CLOSED or request is None:
        return None
    return latest_map(dialogue) if request.mark == mark_of_votes(dialogue) else None


def publications_of(dialogue: Dialogue) -> QuerySet[Publication]:
    """Return the versions of the results, the newest first, without their files."""
    publications = Publication.objects.filter(dialogue=dialogue).select_related("made_by")
    return publications.defer("bundle", "document").order_by("-version")


def outdated_publications() -> QuerySet[Publication]:
    """Return the newest version of each dialogue where it counts somebody who was erased.

    A draft does not answer for it, for nobody reads that.
    """
    out = (Publication.State.DRAFT, Publication.State.WITHDRAWN)
    public = Publication.objects.exclude(state__in=out).defer("bundle", "document")
    later = public.filter(dialogue=OuterRef("dialogue"), version__gt=OuterRef("version"))
    outdated = public.filter(version__lte=F("dialogue__outdated_version")).filter(~Exists(later))
    return outdated.select_related("dialogue").order_by("dialogue__code", "pk")


def is_public(publication: Publication, now: datetime) -> bool:
    """Tell whether a version can be read: published, or its embargo is over."""
    if publication.state == Publication.State.EMBARGO:
        return publication.embargo_until is not None and publication.embargo_until <= shown_at(now)
    return publication.state == Publication.State.PUBLISHED


def public_version(dialogue: Dialogue, now: datetime, version: int | None = None) -> Publication:
    """Return the version to read: the one asked for, or the newest that was ever public.

    A version that was withdrawn is returned too, for its page says why. Its document, which may be
    large, is read when it is asked for. Raises
    ``Publication.DoesNotExist`` when nothing was ever public.
    """
    seen = Q(state__in=(Publication.State.PUBLISHED, Publication.State.WITHDRAWN))
    seen |= Q(state=Publication.State.EMBARGO, embargo_until__lte=shown_at(now))
    publications = Publication.objects.filter(seen, dialogue=dialogue).defer("bundle", "document")
    if version is not None:
        return publications.get(version=version)
    newest = publications.order_by("-version").first()
    if newest is None:
        raise Publication.DoesNotExist
    return newest


def embargoes_that_passed(now: datetime) -> int:
    """Return how many versions nobody sees only because a pause holds what opens by the clock."""
    passed = Publication.objects.filter(
        state=Publication.State.EMBARGO, embargo_until__gt=shown_at(now), embargo_until__lte=now
    )
    return passed.count()


def embargo_of(dialogue: Dialogue, now: datetime) -> Publication | None:
    """Return the version that will be published by time."""
    return (
        Publication.objects.filter(
            dialogue=dialogue, state=Publication.State.EMBARGO, embargo_until__gt=shown_at(now)
        )
        .only("embargo_until", "state", "version")
        .order_by("-version")
        .first()
    )


def receipts_end_at(dialogue: Dialogue) -> datetime | None:
    """Return when the secret behind receipts is destroyed; None while the dialogue is open.

    Some days after the last publishing, so that everybody can fetch a receipt; without any
    publishing a year after the close.
    """
    if dialogue.closed_at is None:
        return None
    publications = Publication.objects.filter(dialogue=dialogue).aggregate(at=Max("published_at"))
    last: datetime | None = publications["at"]
    if last is None:
        return dialogue.closed_at + LONGEST_UNPUBLISHED
    days: int = settings.RECEIPT_DAYS
    return max(last, dialogue.closed_at) + timedelta(days=days)


def dialogues_with_old_secrets(now: datetime) -> list[Dialogue]:
    """Return the closed dialogues whose secret of the log is to be destroyed by now."""
    kept = Dialogue.objects.filter(state=Dialogue.State.CLOSED).exclude(log_secret="")
    ends = [(dialogue, receipts_end_at(dialogue)) for dialogue in kept.order_by("closed_at", "pk")]
    return [dialogue for dialogue, end in ends if end is not None and end <= now]


def bundle_of(publication: Publication) -> bytes:
    """Return the published file of a version."""
    content = Publication.objects.values_list("bundle", flat=True).get(pk=publication.pk)
    return bytes(content or b"")


def names_of_publications(keys: Iterable[str]) -> dict[str, str]:
    """Return the versions by key, with the title of their dialogue."""
    publications = Publication.objects.filter(pk__in=list(keys)).select_related("dialogue")
    return {
        str(publication.pk): f"{publication.dialogue.title} – {publication.version}"
        for publication in publications.defer("bundle", "document")
    }
