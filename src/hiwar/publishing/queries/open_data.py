"""Which tables the house gives to everybody, each with what was last noted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.tables.lending import public_tables
from hiwar.publishing.models import OpenTable, SignedList, SiteCopy

if TYPE_CHECKING:
    from hiwar.common.tables.lending import PublicTable


def listed_tables() -> list[tuple[PublicTable, OpenTable | None]]:
    """Return all public tables in their order, with their state where it was noted; one query."""
    states = {state.code: state for state in OpenTable.objects.order_by("code")}
    return [(table, states.get(table.code)) for table in public_tables()]


def state_of(code: str) -> OpenTable | None:
    """Return what was last noted of a table."""
    return OpenTable.objects.filter(code=code).first()


def signed_list(number: int | None = None) -> SignedList | None:
    """Return the newest signed list, or the one of a number."""
    lists = SignedList.objects.order_by("-number")
    return (lists if number is None else lists.filter(number=number)).first()


def newest_copy() -> SiteCopy | None:
    """Return the newest copy of the site."""
    return SiteCopy.objects.select_related("file").order_by("-made_at", "pk").first()
