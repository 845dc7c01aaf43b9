"""The newsletter: people on its list, issues of public items in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils import timezone

from factories.accounts import UserFactory
from factories.publishing import NOW, make_item, make_public, make_text
from hiwar.channels.actions.subscribers import ask_to_subscribe
from hiwar.channels.models import Message, Subscriber
from hiwar.channels.queries.contents import content_of
from hiwar.channels.queries.subscribers import (
    SUBSCRIPTION,
    consent_text,
    digest_of_wording,
    sealed_address,
)
from hiwar.channels.queries.ways import digest_of
from hiwar.common.dates import local_day
from hiwar.common.multilingual import MultilingualText
from hiwar.publishing.actions.newsletter import start_issue, write_issue

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.publishing.models import Issue, Item


def ask(address: str, language: str = "en", now: datetime | None = None) -> str:
    """Ask for the newsletter on the site; return the token of the letter, or nothing."""
    before = set(Message.objects.filter(purpose=SUBSCRIPTION).values_list("pk", flat=True))
    agreed = digest_of_wording("en", consent_text("en"))
    ask_to_subscribe(
        address=address, language=language, wording_language="en", agreed=agreed,
        now=now or timezone.now(),
    )  # fmt: skip
    letter = Message.objects.filter(purpose=SUBSCRIPTION).exclude(pk__in=before).first()
    words = content_of(letter) if letter is not None else None
    return words.secrets["{link}"].rstrip("/").rpartition("/")[2] if words is not None else ""


def subscribe(address: str, language: str = "en", now: datetime = NOW) -> Subscriber:
    """Put somebody on the list, as they are after they confirmed."""
    key = uuid4()
    return Subscriber.objects.create(
        pk=key, digest=digest_of(address), sealed=sealed_address(address, key),
        state=Subscriber.State.CONFIRMED, language=language, confirmed_on=local_day(now),
    )  # fmt: skip


def make_public_item(number: int = 1, body: dict[str, str] | None = None) -> Item:
    """Let out an item in both languages, or in those of the body."""
    title = {"ar": f"خبر {number}", "en": f"News {number}"}
    kept = {code: title[code] for code in body} if body else title
    writer = UserFactory.create(roles=["media"])
    return make_public(make_item(writer, make_text(kept, body, key=f"{number:032x}")))


def make_issue(writer: User | None = None, items: int = 1, now: datetime = NOW) -> Issue:
    """Write an issue of public items in both languages."""
    writer = writer or UserFactory.create(roles=["media"])
    issue = start_issue(
        actor=writer, title=MultilingualText({"ar": "نشرة آذار", "en": "News of March"}),
        intro=MultilingualText({"ar": "ما صار عاماً.", "en": "What became public."}),
        from_day=local_day(now - timedelta(days=30)), until_day=local_day(now), now=now,
    )  # fmt: skip
    entries = [("site-news", str(make_public_item(number).pk)) for number in range(items)]
    return write_issue(actor=writer, issue=issue, entries=entries, now=now)
