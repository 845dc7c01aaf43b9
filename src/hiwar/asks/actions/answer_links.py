"""What a post does by its private link: it answers, corrects itself, and hands the ask on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.actions.answers import keep_answer
from hiwar.asks.models import Addressee, Answer, AnswerFile, AnswerLink
from hiwar.asks.queries.files import sent_bytes
from hiwar.asks.queries.letters import ANSWER, own_answer
from hiwar.asks.queries.positions import answer_link_days
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.files.actions import stage_file, store_file
from hiwar.common.links import actions as links
from hiwar.common.links.queries import is_open
from hiwar.common.models import PrivateLink
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.asks.actions.answers import Reply
    from hiwar.asks.models import Letter
    from hiwar.common.files.uploads import SentFile

FILE = "asks.answer_file"
MOST_FILES = 3
# What may come by the links of one addressee: they are handed on, and corrections keep what was.
MOST_BYTES = 120 << 20
MOST_HANDED_ON = 5


class TooManyHandedOn(Refused):
    """A link is handed on to few."""

    code = "too_many_handed_on"
    message = _("This was handed on five times already. Please ask us for another link.")


class EnoughBytes(Refused):
    """By the links of an addressee as much came as is kept."""

    code = "enough_bytes"
    message = _(
        "So many files came with answers to this that no more are taken here. Send the answer"
        " without files, or the files by e-mail."
    )


class NobodyNamed(Refused):
    """Handing on needs a name."""

    code = "nobody_named"
    message = _("Say to whom you hand it on: name or function.")


@transaction.atomic
def make_answer_link(
    *,
    actor: User,
    addressee: Addressee,
    now: datetime,
    letter: Letter | None = None,
    language: str = "",
) -> tuple[AnswerLink, str]:
    """Make the address by which a post answers; an older one of its ends, with what hangs on it.

    The token is returned once and kept nowhere. Raises ``NotAllowed``.
    """
    if not rules.can_record_position(actor, addressee.ask):
        raise NotAllowed
    former = AnswerLink.objects.filter(addressee=addressee)
    links.withdraw_links(
        links=PrivateLink.objects.filter(pk__in=former.values("private_link")), now=now
    )
    today = dates.local_day(now)
    ends_on = max(addressee.answer_due or today, today) + timedelta(days=answer_link_days())
    private_link, token = links.make_link(purpose=ANSWER, now=now, ends_on=ends_on)
    link = AnswerLink.objects.create(
        addressee=addressee, letter=letter, private_link=private_link, language=language,
        made_by=actor,
    )  # fmt: skip
    audit(actor, "asks.answer_link.make", addressee.ask, at=now, changed={"link": str(link.pk)})
    return link, token


def answer_by_link(
    *, link: AnswerLink, reply: Reply, files: Sequence[SentFile], now: datetime
) -> Answer:
    """Take what a post answers by its link; what it answered by it before is corrected, and stays.

    Raises ``LinkClosed``, ``EnoughBytes`` and what ``keep_answer`` and ``stage_file`` raise.
    """
    if not is_open(link.private_link, now):
        raise links.LinkClosed
    if sent_bytes(link.addressee) + sum(len(file.content) for file in files) > MOST_BYTES:
        raise EnoughBytes
    staged = [
        stage_file(kind=FILE, name=file.name, content=file.content, now=now)
        for file in files[:MOST_FILES]
    ]
    with transaction.atomic():
        private_link = links.lock_open_link(link.private_link, now)
        answer = Answer(
            addressee=link.addressee, way=Answer.Way.LINK, link=link, recorded_at=now,
            answered_on=dates.local_day(now), corrects=own_answer(link),
        )  # fmt: skip
        answer = keep_answer(answer, reply, actor=None, now=now)
        for file in staged:
            store_file(actor=None, file=file, now=now)
            AnswerFile.objects.create(answer=answer, file=file)
        links.mark_used(link=private_link, now=now)
    return answer


@transaction.atomic
def hand_on(*, link: AnswerLink, handed_to: str, now: datetime) -> str:
    """Make a link of its own for whom an ask is handed on to; return its token, known once.

    Both go on answering, side by side. Raises ``LinkClosed``, ``NobodyNamed`` and
    ``TooManyHandedOn``.
    """
    links.lock_open_link(link.private_link, now)
    if not handed_to.strip():
        raise NobodyNamed
    if link.handed_on.count() >= MOST_HANDED_ON:
        raise TooManyHandedOn
    private_link, token = links.make_link(
        purpose=ANSWER, now=now, ends_on=link.private_link.ends_on
    )
    child = AnswerLink.objects.create(
        addressee=link.addressee, letter=link.letter, private_link=private_link, parent=link,
        handed_to=handed_to.strip()[:200], language=link.language,
    )  # fmt: skip
    audit(None, "asks.answer_link.hand_on", link.addressee.ask, at=now,
          changed={"link": str(child.pk)})  # fmt: skip
    return token
