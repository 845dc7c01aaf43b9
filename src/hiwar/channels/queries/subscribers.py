"""Questions about the newsletter's list: who gets it, on which words, what waits, what rests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext, override

from hiwar.accounts.queries import institution_name
from hiwar.channels import rules
from hiwar.channels.models import Subscriber
from hiwar.channels.queries.ways import digest_of, former_digests, masked, normalised
from hiwar.common.crypto import plain_digest, seal, unsealed_text

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.common.models import PrivateLink

NEWSLETTER, SUBSCRIPTION, TEST = (
    "channels.newsletter", "channels.subscription", "channels.newsletter_test",
)  # fmt: skip
# The word by which the register asks people about the newsletter.
CONSENT = "newsletter"
WAITS = timedelta(hours=48)
State = Subscriber.State


def consent_text(language: str) -> str:
    """Return the words that somebody agrees to who asks for the newsletter, in a language."""
    with override(language):
        name = institution_name(language, otherwise=gettext("this institution"))
        return gettext(
            "I want the newsletter of %(house)s by e-mail. My address is used for nothing else and"
            " given to nobody. Each issue holds a link with which I can leave at once."
        ) % {"house": name}


def digest_of_wording(language: str, text: str) -> str:
    """Return the digest by which a wording is known."""
    return plain_digest(f"{language}\n{text}")


def subscribers_with(address: str) -> QuerySet[Subscriber]:
    """Return the subscriber of an address, under former keys too; at most one as a rule."""
    return Subscriber.objects.filter(digest__in={digest_of(address), *former_digests(address)})


def subscriber_behind_link(link: PrivateLink) -> Subscriber | None:
    """Return the subscriber that a link was sent to."""
    return Subscriber.objects.select_related("link").filter(link=link).first()


def is_waiting(subscriber: Subscriber, now: datetime) -> bool:
    """Return whether a confirmation is still waited for: 48 hours from when it was asked."""
    return subscriber.asked_at is not None and now <= subscriber.asked_at + WAITS


def address_of(subscriber: Subscriber) -> str:
    """Return the address of a subscriber; empty once it was destroyed, or under a foreign key."""
    return unsealed_text(subscriber.sealed, _place(subscriber.pk))


def sealed_address(address: str, key: UUID) -> bytes:
    """Return an address as it is kept for a subscriber."""
    sealed: bytes = seal(address.strip().encode(), _place(key))
    return sealed


def _place(key: UUID) -> str:
    return f"channels.subscriber:{key}"


def shown_address(user: Somebody, subscriber: Subscriber) -> str:
    """Return an address as a user may see it: whole, or its server and one letter."""
    address = address_of(subscriber)
    return address if rules.can_see_subscribers(user) else masked(address)


def subscribers_for(
    user: Somebody, words: str = "", state: str = "", language: str = ""
) -> QuerySet[Subscriber]:
    """Return the subscribers whose state a user may see, by state and language.

    Words are looked for in addresses, for who may see these alone.
    """
    if not rules.can_see_outbox(user):
        return Subscriber.objects.none()
    rows = Subscriber.objects.select_related("wording").order_by("state", "language", "pk")
    if state:
        rows = rows.filter(state=state)
    if language:
        rows = rows.filter(language=language)
    if words:
        keys = []
        if rules.can_see_subscribers(user):
            wanted = normalised(words)
            keys = [row.pk for row in rows if wanted in normalised(address_of(row))]
        rows = rows.filter(pk__in=keys)
    return rows


def subscriber_counts(user: Somebody) -> list[tuple[str, str, int]]:
    """Return how many subscribers there are by state and language, as codes."""
    if not rules.can_see_outbox(user):
        return []
    rows = Subscriber.objects.order_by().values("state", "language").annotate(n=Count("pk"))
    return sorted((row["state"], row["language"], row["n"]) for row in rows)


def rest_days(user: Somebody) -> list[tuple[date, int]]:
    """Return the days since which addresses rest, and how many do; the latest day first."""
    if not rules.can_see_subscribers(user):
        return []
    resting = Subscriber.objects.filter(state=State.RESTING, rests_since__isnull=False)
    rows = resting.order_by().values("rests_since").annotate(n=Count("pk"))
    days = [(row["rests_since"], row["n"]) for row in rows if row["rests_since"]]
    return sorted(days, reverse=True)
