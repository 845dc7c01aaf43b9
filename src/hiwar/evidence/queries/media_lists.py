"""What a list of media items in a spreadsheet would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.common.crypto import DIGITS
from hiwar.common.dates import local_day
from hiwar.common.imports import Plan, Problem, ShownRow
from hiwar.common.imports.plans import KNOWN, NEW, SHOWN_ROWS, left_columns
from hiwar.common.models import Visibility
from hiwar.common.tables import fold
from hiwar.contacts.queries.cells import day_in
from hiwar.evidence.models import MediaItem
from hiwar.evidence.queries.identifiers import address_in
from hiwar.evidence.queries.import_words import cells_by_name, code_of, language_of
from hiwar.evidence.queries.library import media_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hiwar.common.imports import Source as Sent
    from hiwar.common.models import ImportRun

MEDIA = "media"
LONGEST = {field.name: field.max_length for field in MediaItem._meta.concrete_fields}
NEEDED = {"published_on", "outlet", "headline"}
# More people than a row can have reached is a slip of the keyboard.
MOST_PEOPLE = 2_000_000_000


def lacks_needed(run: ImportRun) -> bool:
    """Return whether day, medium or headline have no column."""
    choices = run.choices.get(MEDIA)
    return choices is not None and not set(choices["mapping"].values()) >= NEEDED


def plan_media(sent: Sent) -> Plan:
    """Return what a list would do; its data are the values of each new media item.

    An item is known by its code or address, or by day, medium and headline.
    """
    taking = sent.files[MEDIA]
    options = sent.run.options
    known = _Known(sent)
    plan = Plan(not_taken=left_columns(taking.header, taking.rows, taking.mapping))
    rows: list[dict[str, Any]] = []
    counts = {"new": 0, "known": 0, "left_out": 0}
    for line, cells in taking.rows:
        said = cells_by_name(cells, taking.mapping)
        values = _values(line, said, plan.problems, options.get("tone", ""), local_day(sent.now))
        if values is None:
            counts["left_out"] += 1
            continue
        twin = known.twin_of(values)
        if twin:
            plan.problems.append(Problem("there", line, value=twin, leaves_out=True))
        else:
            visibility = options.get("visibility", Visibility.INSTITUTION)
            rows.append({**values, "visibility": visibility})
            known.add(values)
        counts["known" if twin else "new"] += 1
        if len(plan.rows) < SHOWN_ROWS:
            shown = (values["headline"], values["outlet"], values["published_on"].isoformat())
            plan.rows.append(ShownRow(line, KNOWN if twin else NEW, shown))
    plan.counts, plan.data = counts, rows
    return plan


def _values(
    line: int, said: Mapping[str, str], problems: list[Problem], tone: str, today: date
) -> dict[str, Any] | None:
    """Return the fields of a media item; None where it cannot come in, which is told."""

    def tell(code: str, name: str = "", *, out: bool = False) -> None:
        problems.append(Problem(code, line, value=said.get(name, ""), leaves_out=out))

    headline, outlet = (" ".join(said.get(name, "").split()) for name in ("headline", "outlet"))
    published = day_in(said.get("published_on", ""))
    told_tone = code_of("tone", said.get("tone", ""))
    why = _why_not(headline, outlet, published, today)
    if why is None and not (told_tone or tone):
        why = ("tone_unknown", "tone")
    if why is not None:
        tell(*why, out=True)
        return None
    codes = {name: code_of(name, said.get(name, "")) for name in ("medium", "cites_institution")}
    url = address_in(said.get("url", ""))
    reach = _people(said.get("reach", ""))
    for name, read in (*codes.items(), ("tone", told_tone), ("url", url), ("reach", reach)):
        if said.get(name) and read in ("", None):
            tell(f"{name}_unreadable", name)
    values: dict[str, Any] = {
        "code": said.get("code", ""), "published_on": published, "outlet": outlet,
        "medium": codes["medium"] or MediaItem.Medium.OTHER, "headline": headline,
        "language": language_of(said.get("language", ""), headline),
        "topic": " ".join(said.get("topic", "").split()), "tone": told_tone or tone,
        "cites_institution": codes["cites_institution"] == "yes", "reach": reach, "url": url,
    }  # fmt: skip
    for name in ("code", "outlet", "headline", "topic"):
        longest = LONGEST[name]
        if longest and len(values[name]) > longest:
            problems.append(Problem("too_long", line, column=name, value=values[name]))
            values[name] = values[name][: longest - 1].rstrip() + "…"
    return values


def _why_not(
    headline: str, outlet: str, published: date | None, today: date
) -> tuple[str, str] | None:
    """Return why a row cannot come in, and the column that says so; None where it can."""
    if not headline:
        return "headline_missing", "headline"
    if not outlet:
        return "outlet_missing", "outlet"
    if published is None:
        return "day_unreadable", "published_on"
    return ("day_to_come", "published_on") if published > today else None


def _people(cell: str) -> int | None:
    whole = cell.translate(DIGITS).translate(str.maketrans("", "", " ,٬\u00a0'"))
    number = int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 12 else None
    return number if number is not None and number <= MOST_PEOPLE else None


class _Known:
    """The media items that are there and those of the file."""

    def __init__(self, sent: Sent) -> None:
        self._keys: dict[tuple[object, ...], str] = {}
        rows = media_for(sent.actor).order_by()
        for row in rows.values("code", "url", "published_on", "outlet", "headline"):
            self.add(row)
        # A code is unique in the whole house, also among what somebody may not read.
        self._codes = set(MediaItem.objects.exclude(code="").values_list("code", flat=True))

    def add(self, values: Mapping[str, Any]) -> None:
        """Remember a media item."""
        for key in _keys(values):
            self._keys.setdefault(key, values["headline"])

    def twin_of(self, values: Mapping[str, Any]) -> str:
        """Return what of an item is there already; empty where nothing is."""
        if values["code"] in self._codes:
            return str(values["code"])
        return next((self._keys[key] for key in _keys(values) if key in self._keys), "")


def _keys(values: Mapping[str, Any]) -> list[tuple[object, ...]]:
    keys: list[tuple[object, ...]] = [
        (values["published_on"], fold(values["outlet"]), fold(values["headline"]))
    ]
    keys += [(name, values[name]) for name in ("code", "url") if values[name]]
    return keys
