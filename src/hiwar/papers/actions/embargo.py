"""Embargo: a frozen text opens by itself at a time of a place; until then by private link alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import institution_name
from hiwar.common import post
from hiwar.common.actions import audit
from hiwar.common.dates import WALL, clock_shows
from hiwar.common.links.actions import make_link, withdraw_links
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import PLACEHOLDER
from hiwar.common.models import PrivateLink
from hiwar.common.refusals import Refused
from hiwar.papers.actions.lending import drop_embargo
from hiwar.papers.actions.papers import take_state
from hiwar.papers.actions.sign_off import check_seen
from hiwar.papers.actions.versions import NotInThatState, let_out, lock_for_release, refuse_owed
from hiwar.papers.models import Paper, PaperVersion, PressLink
from hiwar.papers.queries.embargo import PRESS, due_versions

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User

LETTER = post.Purpose(PRESS, pgettext_lazy("purpose", "press link"))
# A link leads to the published page for some time after the hour.
LINK_OUTLIVES = timedelta(days=30)
State = Paper.State


class OpeningPast(Refused):
    """An opening lies ahead."""

    code = "paper_opening_past"
    message = _("This time has passed on the clock of that place.")


class NotEmbargoed(Refused):
    """Only a text under embargo is lent before the hour."""

    code = "not_embargoed"
    message = _("This text is not under embargo.")


@transaction.atomic
def set_embargo(
    *, actor: User, paper: Paper, wall: datetime, zone: str, now: datetime,
    seen: str | None = None,
) -> PaperVersion:  # fmt: skip
    """Let the frozen text open by itself at a time on the clock of a place.

    ``wall`` has no zone of its own; ``seen`` is the mark of the list of who signed, as it was
    looked at. Raises ``NotAllowed``, ``NotInThatState``, ``NotReady``, ``ListChanged`` and
    ``OpeningPast``.
    """
    locked = lock_for_release(actor, paper)
    if locked.state != State.FROZEN:
        raise NotInThatState
    refuse_owed(locked, now)
    written = wall.strftime(WALL)
    if zone not in available_timezones() or clock_shows(written, zone, now):
        raise OpeningPast
    version = locked.versions.select_related("signed_version").latest("number")
    check_seen(version, seen)
    version.opens_wall, version.opens_zone = written, zone
    version.save(update_fields=["opens_wall", "opens_zone"])
    take_state(actor, locked, State.EMBARGOED, now)
    audit(actor, "papers.paper.embargo", locked, at=now, changed={"opens": ["", written]})
    return version


@transaction.atomic
def take_back_embargo(*, actor: User, paper: Paper, now: datetime) -> None:
    """Let a text under embargo open by itself no more; links of the press end.

    Raises ``NotAllowed`` and ``NotEmbargoed``.
    """
    locked, _version = _embargoed(actor, paper)
    drop_embargo(locked, now)
    take_state(actor, locked, State.FROZEN, now)
    audit(actor, "papers.paper.take_back_embargo", locked, at=now)


@transaction.atomic
def lend_to_press(
    *, actor: User, paper: Paper, name: str, outlet: str, email: str, language: str,
    now: datetime,
) -> tuple[PressLink, str]:  # fmt: skip
    """Lend a text under embargo to one reader; return the link with its token.

    With an address the link leaves by mail, which says until when nothing is published of it.
    Raises ``NotAllowed``, ``NotEmbargoed`` and ``ValidationError``.
    """
    locked, version = _embargoed(actor, paper)
    opens = version.opens_on
    assert opens is not None  # noqa: S101 - a text under embargo has its hour
    link, token = make_link(purpose=PRESS, now=now, ends_on=opens + LINK_OUTLIVES, is_sealed=True)
    lent = PressLink(
        version=version, name=name.strip(), outlet=outlet.strip(), email=email.strip(),
        language=language, private_link=link, made_by=actor, made_at=now,
    )  # fmt: skip
    lent.full_clean()
    lent.save()
    if lent.email:
        _write_to(lent, locked, token, actor, now)
    audit(actor, "papers.press_link.lend", locked, at=now, changed={"version": version.number})
    return lent, token


@transaction.atomic
def end_press_link(*, actor: User, lent: PressLink, now: datetime) -> None:
    """End the link of one reader at once. Raises ``NotAllowed``."""
    locked = lock_for_release(actor, lent.version.paper)
    withdraw_links(links=PrivateLink.objects.filter(pk=lent.private_link_id), now=now)
    audit(actor, "papers.press_link.end", locked, at=now, changed={"version": lent.version.number})


def open_due_papers(*, now: datetime) -> int:
    """Open what is under embargo and whose hour has come, each at once and once; how many.

    What owes something by then, such as a consent that was withdrawn, stays closed and is told on
    the morning page.
    """
    return sum(_open_one(version=version, now=now) for version in due_versions(now))


@transaction.atomic
def _open_one(*, version: PaperVersion, now: datetime) -> bool:
    locked = lock_for_release(None, version.paper)
    newest = locked.versions.select_related("signed_version").latest("number")
    is_due = newest.pk == version.pk and newest.opens_wall and clock_shows(
        newest.opens_wall, newest.opens_zone, now
    )  # fmt: skip
    if locked.state != State.EMBARGOED or not is_due or refuse_owed(locked, now, quietly=True):
        return False
    let_out(None, locked, newest, None, now)
    return True


def _embargoed(actor: User, paper: Paper) -> tuple[Paper, PaperVersion]:
    locked = lock_for_release(actor, paper)
    if locked.state != State.EMBARGOED:
        raise NotEmbargoed
    return locked, locked.versions.latest("number")


def _write_to(lent: PressLink, paper: Paper, token: str, actor: User, now: datetime) -> None:
    with override(lent.language):
        title = paper.title.in_language(lent.language) or str(paper.title)
        subject = gettext("Under embargo: %(title)s") % {"title": title}
        text = gettext(
            "To %(name)s\n\n%(title)s\n\nUnder embargo until %(wall)s on the clock of %(zone)s."
            " Until then nothing of it may be published or passed on.\n\nRead it here:\n%(link)s"
            "\n\nThe link is for you alone.\n%(house)s"
        ) % {
            "name": lent.name, "title": title, "wall": lent.version.opens_wall.replace("T", " "),
            "zone": lent.version.opens_zone, "link": PLACEHOLDER,
            "house": institution_name(lent.language),
        }  # fmt: skip
    post.post(
        post.Draft(
            key=lent.pk, purpose=LETTER.code, language=lent.language, recipient=lent.email,
            subject=" ".join(subject.split())[: post.LONGEST_SUBJECT], text=text,
            secrets={PLACEHOLDER: address(PRESS, token)}, actor=actor.pk,
        ),
        at=now,
    )  # fmt: skip
