"""Forums: begun from a template by somebody who plans, approved by the director."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from factories.accounts import UserFactory
from hiwar.forums.actions import forums

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.forums.models import Forum

NOW = datetime(2027, 1, 10, 9, tzinfo=UTC)
FIRST_DAY = date(2027, 1, 31)
DECIDED = {
    "who_decides": {"ar": "وزيرة العمل", "en": "The minister of work"},
    "decision_on": date(2027, 7, 1),
    "on_the_table": {"ar": "بدل التدريب", "en": "Training pay"},
}


def make_planner() -> User:
    return UserFactory.create(roles=["programme_manager"])


def make_forum(planner: User | None = None, **values: Any) -> Forum:
    more = {name: values.pop(name) for name in ("first_day", "with_dialogue") if name in values}
    standard = {
        "code": "first-job", "template": "policy_forum",
        "title": {"ar": "أول وظيفة", "en": "First job"},
        "question": {"ar": "كيف تكون أول وظيفة لائقة؟", "en": "What makes a first job decent?"},
    }  # fmt: skip
    return forums.start_forum(
        actor=planner or make_planner(), values=standard | values, now=NOW, **more
    )


def make_approved(forum: Forum, director: User) -> Forum:
    assert forum.owner is not None
    forums.update_forum(actor=forum.owner, forum=forum, values=DECIDED, now=NOW)
    return forums.approve_forum(actor=director, forum=forum, now=NOW)
