"""The site of the demonstration: the profile, and items that were let out by a second person."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.queries import user_by_email
from hiwar.common.dates import local_day
from hiwar.common.multilingual import MultilingualText
from hiwar.common.search.indexing import remove_records
from hiwar.engine.blocks import Block, checksum
from hiwar.publishing.actions import items, openings, profile
from hiwar.publishing.models import Item, PublicProfile
from hiwar.publishing.queries.content import Text
from hiwar.publishing.queries.profile import the_profile
from hiwar.publishing.queries.search_documents import PUBLISHED

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FILE = "site.json"
WRITER, SECOND = "MO", "ED"
DIRECTOR = "ED"


def load_demo_site(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the profile and the items of the site: made, there already, wrong."""
    writer, second = (user_by_email(demo_email(code)) for code in (WRITER, SECOND))
    if writer is None or second is None:
        return 0, 0, []
    document = json.loads((folder / "publishing" / FILE).read_text("utf-8"))
    house = json.loads((folder / "institution.json").read_text("utf-8"))
    loaded, there = (0, 1) if the_profile() else (1, 0)
    if loaded:
        rows = profile_rows(house, document, local_day(at))
        profile.change_profile(actor=None, changes=document["profile"] | rows, now=at, is_demo=True)
    for entry in document["items"]:
        if Item.objects.filter(is_demo=True, versions__title__en=entry["title"]["en"]).exists():
            there += 1
            continue
        days = entry.get("closes_in_days")
        item = items.start_item(
            actor=writer, kind=entry["kind"], language="ar", text=_text(entry), now=at,
            closes_on=local_day(at) + timedelta(days=days) if days else None, is_demo=True,
        )  # fmt: skip
        if entry["state"] != "draft":
            openings.ask_for_review(actor=writer, item=item, now=at)
        if entry["state"] == "published":
            openings.publish_item(actor=second, item=item, number=1, now=at)
        loaded += 1
    return loaded, there, []


def remove_demo_site(folder: Path) -> int:
    """Remove the profile and the items of the demonstration; return how many went."""
    demo = Item.objects.filter(is_demo=True)
    keys = list(demo.values_list("pk", flat=True))
    remove_records(PUBLISHED, keys)
    demo.update(published=None)
    demo.delete()
    count, _by_model = PublicProfile.objects.filter(is_demo=True).delete()
    return len(keys) + count


def profile_rows(house: dict[str, Any], document: dict[str, Any], today: date) -> dict[str, Any]:
    """Return office holders and funders as the institution's own file names them."""
    director = next(entry for entry in house["staff"] if entry["code"] == DIRECTOR)
    board = [{"office": entry["office"], "person": entry["person"]} for entry in house["board"]]
    offices = [*board, {"office": director["role"], "person": director["person"]}]
    return {
        "officers": [
            {"from": document["in_office_since"], "until": "", **entry} for entry in offices
        ],
        "funders": [
            {"year": today.year - 1, "share": entry["share_percent"], "name": entry["name"]}
            for entry in house["funders"]
        ],
    }  # fmt: skip


def _text(entry: dict[str, Any]) -> Text:
    blocks = tuple(
        Block(checksum([entry["title"], place])[:32], kind, texts)
        for place, (kind, texts) in enumerate(entry["blocks"])
    )
    return Text(MultilingualText(entry["title"]), MultilingualText(entry["summary"]), blocks)
