"""What ends with an embargo: its hour, and the links that lent the text before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.links.actions import withdraw_links
from hiwar.common.models import PrivateLink
from hiwar.papers.models import PressLink

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.papers.models import Paper


def drop_embargo(paper: Paper, now: datetime) -> None:
    """End the embargo of a paper and the links that lent it, within an action."""
    for version in paper.versions.exclude(opens_wall="").filter(published_at=None):
        version.opens_wall = version.opens_zone = ""
        version.save(update_fields=["opens_wall", "opens_zone"])
        lent = PressLink.objects.filter(version=version).order_by().values("private_link")
        withdraw_links(links=PrivateLink.objects.filter(pk__in=lent), now=now)
