"""Reminders to posts that owe an answer: drafted, never sent by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from hiwar.asks import rules
from hiwar.asks.actions.post_letters import draft_letter
from hiwar.asks.models import Addressee
from hiwar.asks.queries.reminders import letters_since, owed_answers
from hiwar.common import dates
from hiwar.contacts.queries.holders import holder_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.asks.models import Letter


@transaction.atomic
def draft_reminder(*, key: UUID, now: datetime) -> Letter | None:
    """Draft the reminder or second letter that an addressee is due, as the owner of the ask.

    Nothing is drafted twice, for a post that nobody holds, or in the name of an owner who left;
    nothing goes out by itself: somebody looks at it and issues it.
    """
    today = dates.local_day(now)
    Addressee.objects.select_for_update().filter(pk=key).first()
    owed = owed_answers(Addressee.objects.filter(pk=key), today)
    if not owed or owed[0].letters_wanted <= len(letters_since(owed)[owed[0].addressee.pk]):
        return None
    addressee, owner = owed[0].addressee, owed[0].addressee.ask.owner
    if owner is None or not owner.is_active or not rules.can_record_position(owner, addressee.ask):
        return None
    if holder_of(addressee.post, today) is None:
        return None
    subject, body = _words(addressee, owed[0].due)
    return draft_letter(actor=owner, addressee=addressee, subject=subject, body=body, now=now)


def _words(addressee: Addressee, due: date) -> tuple[dict[str, str], dict[str, str]]:
    """Return subject and text of a reminder, in each language of the ask."""
    ask, subject, body = addressee.ask, {}, {}
    for language, _name in settings.LANGUAGES:
        if language not in ask.text:
            continue
        with override(language):
            about = {"ask": ask.short.in_language(language), "day": dates.day(due)}
            subject[language] = gettext("Reminder: %(ask)s") % about
            hoped = gettext("We asked you for the following and hoped for your answer by %(day)s.")
            silent = gettext("No answer has reached us; if it is on its way, this letter is void.")
            words = ask.text.in_language(language)
            body[language] = "\n\n".join([hoped % about, words, silent])
    return subject, body
