"""Issues of the newsletter: begun, chosen, looked at by a second person, sent once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.actions.issues import post_test, send_issue
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.publishing import rules
from hiwar.publishing.actions.items import LETTERS
from hiwar.publishing.actions.openings import ReasonMissing, SecondPersonNeeded
from hiwar.publishing.models import Issue, IssueEntry
from hiwar.publishing.queries.newsletter import (
    LARGEST,
    MOST_ENTRIES,
    candidates,
    chosen,
    content_of,
    lacks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User

    # Makes the letters of an issue, by language, from what it says and its address.
    Write = Callable[[Mapping[str, Any], str], dict[str, dict[str, str]]]

State = Issue.State
FIELDS = ("title", "intro", "from_day", "until_day")
CODE_LENGTH = 8


class IssueLacks(Refused):
    """An issue goes out in all languages or not at all; the message holds every reason."""

    code = "issue_lacks"
    message = _("This issue is not whole yet.")

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(*reasons)
        self.reasons = tuple(reasons)

    def __str__(self) -> str:
        return " ".join((str(self.message), *self.reasons))


class WrongIssueState(Refused):
    """The issue is no longer as it was seen."""

    code = "issue_wrong_state"
    message = _("This issue changed since you opened the page. Look at it again.")


class DaysTurned(Refused):
    """A period ends after it begins."""

    code = "issue_days_turned"
    message = _("The last day lies before the first.")


class TooManyEntries(Refused):
    """A newsletter is read in some minutes."""

    code = "issue_too_many_entries"
    message = _("An issue holds at most 30 items.")


class TooLarge(Refused):
    """A letter is read on a telephone with a bad line."""

    code = "issue_too_large"
    message = _("The letter would be larger than 60 kB. Choose fewer items.")


@transaction.atomic
def start_issue(*, actor: User, now: datetime, **values: Any) -> Issue:
    """Begin an issue with title, introduction and days.

    Raises ``NotAllowed``, ``DaysTurned`` and ``ValidationError``.
    """
    if not rules.can_edit_items(actor):
        raise NotAllowed
    issue = Issue(code=_new_code(), changed_at=now)
    _fill(issue, values)
    issue.save()
    issue.writers.add(actor)
    audit(actor, "publishing.issue.start", issue, at=now)
    return issue


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _each in range(CODE_LENGTH))
        if not Issue.objects.filter(code=code).exists():
            return code


def _fill(issue: Issue, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(issue, name, values[name])
    if issue.until_day < issue.from_day:
        raise DaysTurned
    issue.full_clean()


@transaction.atomic
def write_issue(
    *, actor: User, issue: Issue, entries: Sequence[tuple[str, str]], now: datetime, **values: Any
) -> Issue:
    """Keep the words of an issue and what stands in it, in order; it is a draft again.

    What is not public in its days, or was chosen before and is public still, is left out. Raises
    ``NotAllowed``, ``WrongIssueState``, ``DaysTurned``, ``TooManyEntries``, ``ValidationError``.
    """
    locked = _lock(issue)
    if not rules.can_edit_items(actor):
        raise NotAllowed
    if locked.state == State.APPROVED:
        raise WrongIssueState
    kept = [key for key, page in chosen(locked, now) if page is not None]
    _fill(locked, values)
    offered = {(page.kind, page.key) for page in candidates(locked, now)} | set(kept)
    wanted = [key for key in dict.fromkeys(entries) if key in offered]
    if len(wanted) > MOST_ENTRIES:
        raise TooManyEntries
    locked.state, locked.changed_at = State.DRAFT, now
    locked.save()
    locked.entries.all().delete()
    IssueEntry.objects.bulk_create(
        IssueEntry(issue=locked, kind=kind, key=key, position=position)
        for position, (kind, key) in enumerate(wanted)
    )
    locked.writers.add(actor)
    audit(actor, "publishing.issue.write", locked, at=now)
    return locked


@transaction.atomic
def ask_about_issue(*, actor: User, issue: Issue, now: datetime) -> Issue:
    """Ask a second person; raises ``NotAllowed``, ``WrongIssueState`` and ``IssueLacks``."""
    locked = _lock(issue)
    if not rules.can_edit_items(actor):
        raise NotAllowed
    if locked.state != State.DRAFT:
        raise WrongIssueState
    if reasons := lacks(locked, now):
        raise IssueLacks(reasons)
    return _take(actor, locked, "ask", now, state=State.REVIEW, remark="")


@transaction.atomic
def send_issue_back(*, actor: User, issue: Issue, remark: str, now: datetime) -> Issue:
    """Send an issue back to its writers, with a remark.

    Raises ``NotAllowed``, ``WrongIssueState`` and ``ReasonMissing``.
    """
    locked = _lock(issue)
    if not rules.can_publish_items(actor):
        raise NotAllowed
    if locked.state != State.REVIEW:
        raise WrongIssueState
    if not remark.strip():
        raise ReasonMissing
    return _take(actor, locked, "send_back", now, state=State.DRAFT, remark=remark.strip()[:2000])


@transaction.atomic
def approve_issue(*, actor: User, issue: Issue, write: Write, now: datetime) -> Issue:
    """Freeze an issue, let everybody read it and put its letters into the outbox.

    There they wait for a last look at how many get it. ``write`` makes the letters. Raises
    ``NotAllowed``, ``WrongIssueState``, ``SecondPersonNeeded``, ``IssueLacks``, ``TooLarge`` and
    what `send_issue` raises.
    """
    locked = _lock(issue)
    if not rules.can_publish_items(actor):
        raise NotAllowed
    if locked.state != State.REVIEW:
        raise WrongIssueState
    if locked.writers.filter(pk=actor.pk).exists():
        raise SecondPersonNeeded
    if reasons := lacks(locked, now):
        raise IssueLacks(reasons)
    locked.content = content_of(locked, now)
    letters = _letters(locked, write)
    locked.approved_by, locked.approved_at = actor, now
    approved = _take(
        actor, locked, "approve", now,
        state=State.APPROVED, content=locked.content, approved_by=actor, approved_at=now,
    )  # fmt: skip
    send_issue(actor=actor, key=locked.pk, title=str(locked.title), words=letters, now=now)
    return approved


@transaction.atomic
def send_test(*, actor: User, issue: Issue, write: Write, now: datetime) -> int:
    """Send an issue to oneself in every language, as it stands; return how many letters.

    The way out of a test leads to the page of the newsletter. Raises ``NotAllowed``, ``TooLarge``
    and ``NoOwnAddress``.
    """
    if not (rules.can_edit_items(actor) or rules.can_publish_items(actor)):
        raise NotAllowed
    issue.content = issue.content or content_of(issue, now)
    letters = _letters(issue, write)
    out = {
        language: f"{settings.PUBLIC_ORIGIN}"
        f"{reverse('public_publishing:newsletter', args=[language])}"
        for language in letters
    }
    return post_test(actor=actor, words=letters, out=out, now=now)


def _letters(issue: Issue, write: Write) -> dict[str, dict[str, str]]:
    letters = write(issue.content, issue.code)
    for letter in letters.values():
        if len(letter["text"].encode()) + len(letter["html"].encode()) > LARGEST:
            raise TooLarge
    return letters


def _lock(issue: Issue) -> Issue:
    return Issue.objects.select_for_update(of=("self",)).get(pk=issue.pk)


def _take(actor: User, issue: Issue, verb: str, now: datetime, **values: Any) -> Issue:
    for name, value in {**values, "changed_at": now}.items():
        setattr(issue, name, value)
    issue.save(update_fields=[*values, "changed_at"])
    audit(actor, f"publishing.issue.{verb}", issue, at=now)
    return issue
