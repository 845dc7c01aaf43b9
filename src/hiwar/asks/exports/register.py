"""The register of meetings as a file and in feeds, as everybody reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from hiwar.asks.queries.register import public_entries
from hiwar.common.navigation import PageSource, PublicPage, paths_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hiwar.asks.models import MeetingEntry
    from hiwar.asks.queries.register import Line


def rows(lines: Iterable[Line], site: str) -> Iterator[list[str]]:
    """Yield one row for each entry; ``site`` is the address of the public site with its stroke."""
    yield [
        pgettext("meeting", "Day or month"), _("Post"), _("Organisation"),
        pgettext("meeting", "How"), pgettext("meeting", "Place"), _("Who of us"),
        pgettext("meeting", "Theme"), _("Ask"), _("Published on"), _("What is corrected"),
        _("Withdrawn on"), pgettext("meeting", "Why"), _("Address"),
    ]  # fmt: skip
    language = get_language()
    for line in lines:
        address = reverse("public_asks:meeting", args=[language, line.key])
        yield [
            f"{line.on:%Y-%m}" if line.is_month else f"{line.on:%Y-%m-%d}",
            str(line.post), str(line.body), line.manner, str(line.place), str(line.ours),
            str(line.theme), str(line.ask),
            line.published_on.isoformat() if line.published_on else "",
            str(line.correction), line.withdrawn_on.isoformat() if line.withdrawn_on else "",
            str(line.because), f"{site.rstrip('/')}{address}",
        ]  # fmt: skip


def meeting_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield what stands in the register, oldest first; what was withdrawn is no news."""
    for entry in public_entries().filter(withdrawn_at=None).order_by("published_at", "pk"):
        yield PublicPage(
            str(entry.pk), _titles(entry), paths_of("public_asks:meeting", entry.pk.hex),
            published_at=entry.published_at,
        )  # fmt: skip


def _titles(entry: MeetingEntry) -> dict[str, str]:
    titles = {code: [entry.theme.in_language(code)] for code in entry.theme}
    if entry.post_name:
        for code, words in titles.items():
            words.insert(0, entry.post_name.in_language(code))
    return {code: ": ".join(words) for code, words in titles.items()}


MEETING_PAGES = PageSource("meetings", 92, gettext_lazy("Register of meetings"), meeting_pages)
