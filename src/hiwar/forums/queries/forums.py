"""Which forums a person may read, and what each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.accounts.queries import readable_by
from hiwar.common.models import Visibility
from hiwar.dossiers.queries.dossiers import all_readable, plain
from hiwar.events.models import Event
from hiwar.events.queries.events import events_for
from hiwar.events.rules import can_see_events
from hiwar.forums import rules
from hiwar.forums.models import Forum, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody


def forums_for(user: Somebody) -> QuerySet[Forum]:
    """Return the forums a person may read at the desk, the last begun first."""
    if not rules.can_see_forums(user):
        return Forum.objects.none()
    forums = Forum.objects.filter(
        readable_by(user, Forum),
        Q(dossier=None) | Q(dossier__in=all_readable(user).order_by()),
    )
    return forums.select_related("dossier", "owner").order_by("-started_at", "pk")


def public_forums() -> QuerySet[Forum]:
    """Return the forums that everybody may read: approved ones that are for everybody."""
    forums = Forum.objects.filter(
        Q(dossier=None) | Q(dossier__visibility=Visibility.PUBLIC),
        visibility=Visibility.PUBLIC, approved_at__isnull=False,
    )  # fmt: skip
    return forums.select_related("dossier", "deciding_post__organisation").order_by(
        "-approved_at", "pk"
    )


def search_forums(user: Somebody, words: str = "", state: str = "") -> QuerySet[Forum]:
    """Return the forums a person may read whose title or question holds all words, in a state."""
    forums = forums_for(user)
    if state:
        forums = forums.filter(state=state)
    wanted = plain(words).split()
    if wanted:
        rows = forums.values_list("pk", "title", "question", "code")
        keys = [
            key for key, title, question, code in rows
            if all(word in plain(" ".join([*dict(title).values(), *dict(question).values(), code]))
                   for word in wanted)
        ]  # fmt: skip
        forums = forums.filter(pk__in=keys)
    return forums


def is_address_taken(code: str) -> bool:
    """Return whether any forum has an address, one that the asker may not read too."""
    return Forum.objects.filter(code=code).exists()


def stages_of(forum: Forum) -> list[Stage]:
    """Return the stages of a forum in their order, with what each points at; one query."""
    stages = forum.stages.select_related("round__dialogue", "event__place", "event__venue")
    return list(stages.order_by("position", "pk"))


def stages_by_forum(forums: Iterable[Forum]) -> dict[UUID, list[Stage]]:
    """Return the stages of several forums by their keys; one query."""
    by_forum: dict[UUID, list[Stage]] = {forum.pk: [] for forum in forums}
    stages = Stage.objects.filter(forum__in=list(by_forum)).select_related("round", "event")
    for stage in stages.order_by("position", "pk"):
        by_forum[stage.forum_id].append(stage)
    return by_forum


def readable_events(user: Somebody, stages: Iterable[Stage]) -> set[UUID]:
    """Return the keys of the events of some stages that a person may read."""
    keys = [stage.event_id for stage in stages if stage.event_id]
    if not keys or not can_see_events(user):
        return set()
    return set(events_for(user).filter(pk__in=keys).order_by().values_list("pk", flat=True))


def public_events(stages: Iterable[Stage]) -> set[UUID]:
    """Return the keys of the events of some stages that everybody may read."""
    keys = [stage.event_id for stage in stages if stage.event_id]
    events = Event.objects.filter(
        pk__in=keys, visibility=Visibility.PUBLIC, published_at__isnull=False
    )
    return set(events.values_list("pk", flat=True))


def names_of_forums(keys: Iterable[str]) -> Mapping[str, str]:
    """Return the titles of forums that all staff may read, by key."""
    forums = Forum.objects.filter(pk__in=list(keys)).exclude(
        visibility__in=(Visibility.PERSONAL, Visibility.TEAM)
    )
    return {str(forum.pk): str(forum) for forum in forums}
