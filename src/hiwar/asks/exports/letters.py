"""The letter that goes with a link to an organisation's own positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, override

from hiwar.common import dates
from hiwar.common.links.queries import PLACEHOLDER

if TYPE_CHECKING:
    from datetime import date

    from hiwar.asks.models import PositionLink
    from hiwar.dossiers.models import Dossier


def position_letter(link: PositionLink, number: str) -> tuple[str, str]:
    """Return subject and text in the letter's language; the link is a mark."""
    last_day = link.private_link.ends_on
    assert last_day is not None  # noqa: S101 - a link of this kind always has a last day
    text = words_with_link(link.language, link.dossier, PLACEHOLDER, last_day)
    with override(link.language):
        subject = gettext("What we have noted of your position")
        of = gettext("Our number: %(number)s") % {"number": number}
    return subject, f"{text}\n\n{of}"


def words_with_link(language: str, dossier: Dossier, address: str, ends_on: date) -> str:
    """Return the words to send with a link."""
    with override(language):
        return gettext(
            "We keep a table of where parties stand on «%(title)s». At this address you can read "
            "what we have noted of your position, and correct it yourselves: %(address)s\n"
            "It is for you alone and open until %(day)s. What we noted earlier stays on record "
            "with its date and source."
        ) % {"title": str(dossier.title), "address": address, "day": dates.day(ends_on)}
