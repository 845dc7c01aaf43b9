"""Papers under embargo: what opens when, who was lent what, what should be open and is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.dates import clock_shows
from hiwar.common.links.queries import is_open
from hiwar.papers.models import Paper, PaperVersion, PressLink

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.common.models import PrivateLink

PRESS = "papers.press"


def embargoed_version(paper: Paper) -> PaperVersion | None:
    """Return the version of a paper that opens by the clock, if one does."""
    if paper.state != Paper.State.EMBARGOED:
        return None
    return paper.versions.exclude(opens_wall="").order_by("-number").first()


def due_versions(now: datetime) -> list[PaperVersion]:
    """Return what opens by the clock of its place, and whose hour has come there."""
    versions = PaperVersion.objects.filter(
        paper__state=Paper.State.EMBARGOED, published_at=None
    ).exclude(opens_wall="")  # fmt: skip
    return [
        version for version in versions.select_related("paper").order_by("opens_wall", "pk")
        if clock_shows(version.opens_wall, version.opens_zone, now)
    ]  # fmt: skip


def lent_links(version: PaperVersion, now: datetime) -> list[tuple[PressLink, bool]]:
    """Return to whom a version is lent, the newest first, and whether the link still opens."""
    links = version.press_links.select_related("private_link", "made_by")
    return [(lent, is_open(lent.private_link, now)) for lent in links.order_by("-made_at", "pk")]


def press_behind(link: PrivateLink) -> PressLink | None:
    """Return what a private link lends: a text under embargo, or one that opened since."""
    links = PressLink.objects.select_related("version__paper", "version__signed_version")
    lent = links.filter(private_link=link).first()
    if lent is None:
        return None
    is_lent = bool(lent.version.opens_wall) and lent.version.paper.state == Paper.State.EMBARGOED
    return lent if is_lent or lent.version.published_at is not None else None
