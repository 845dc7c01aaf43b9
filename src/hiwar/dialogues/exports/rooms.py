"""Agreement by room in words and in files: the same numbers on the page and in the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hiwar.common.multilingual import MultilingualText
from hiwar.common.tables import write_csv, write_xlsx
from hiwar.common.templatetags.components import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LETTERS = "ABCDE"
STATES = ("bridging", "missed", "untold")
COUNTS = ("agree", "disagree", "pass", "seen")
TEXT_WIDTH, NUMBER_WIDTH = 60, 13
Json = dict[str, Any]


def told_by_room(found: Mapping[str, Any] | None) -> Json | None:
    """Return what `queries.rooms.by_room` found as a page tells it; None without rooms."""
    if not found:
        return None
    rows = [{**row, "label": _label(row)} for row in found["rows"]]
    statements = [_statement(one, rows, found) for one in found["statements"]]
    return {
        "threshold": found["threshold"],
        "share": found["share"],
        "rows": rows,
        "groups": [LETTERS[at % 5] for at in range(len(found["groups"]))],
        "sentence": _sentence(found),
        "statements": statements,
        **{state: [one for one in statements if one["state"] == state] for state in STATES},
    }


def _label(row: Mapping[str, Any]) -> str:
    if row["kind"] == "room":
        return str(MultilingualText(row["names"][0]))
    if row["kind"] == "elsewhere":
        return _("In no room")
    if not row["names"]:
        return _("Other rooms")
    names = pgettext("list of names", ", ").join(str(MultilingualText(one)) for one in row["names"])
    told = _("Other rooms together (%(names)s)") % {"names": names}
    return _("%(rooms)s and in no room") % {"rooms": told} if row.get("with_elsewhere") else told


def _sentence(found: Mapping[str, Any]) -> str:
    """Return in one sentence how many statements are bridging."""
    bridging = sum(one["state"] == "bridging" for one in found["statements"])
    told = {
        "n": number(bridging),
        "total": number(len(found["statements"])),
        "share": number(found["share"]),
        "groups": number(len(found["groups"])),
    }
    if not found["groups"]:
        return (
            ngettext(
                "%(n)s of %(total)s statements has at least %(share)s%% in every room.",
                "%(n)s of %(total)s statements have at least %(share)s%% in every room.",
                bridging,
            )
            % told
        )
    if len(found["groups"]) == 2:
        return (
            ngettext(
                "%(n)s of %(total)s statements has at least %(share)s%% in every room and in both "
                "groups.",
                "%(n)s of %(total)s statements have at least %(share)s%% in every room and in both "
                "groups.",
                bridging,
            )
            % told
        )
    return (
        ngettext(
            "%(n)s of %(total)s statements has at least %(share)s%% in every room and in all "
            "%(groups)s groups.",
            "%(n)s of %(total)s statements have at least %(share)s%% in every room and in all "
            "%(groups)s groups.",
            bridging,
        )
        % told
    )


def _statement(
    one: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any]
) -> Json:
    cells = [
        {**cell, "label": row["label"], "kind": row["kind"], "words": words_of(cell, found)}
        for cell, row in zip(one["rows"], rows, strict=True)
    ]
    groups = [
        {
            **cell,
            "letter": LETTERS[at % 5],
            "name": _group(LETTERS[at % 5]),
            "words": words_of(cell, found),
        }
        for at, cell in enumerate(one["groups"])
    ]
    deciding = [cell for cell in cells if cell["kind"] != "elsewhere"]
    return {
        "number": one["number"],
        "state": one["state"],
        "text": MultilingualText(one["texts"]),
        "rows": cells,
        "groups": groups,
        "missed_rooms": [cell for cell in deciding if cell["reached"] == 0],
        "missed_groups": [cell for cell in groups if cell["reached"] == 0],
        "untold_rooms": [cell for cell in deciding if cell["reached"] == -1],
        "untold_groups": [cell for cell in groups if cell["reached"] == -1],
    }


def words_of(cell: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """Say what is told of a row instead of its numbers; empty where the numbers are."""
    share = {"share": number(found["share"])}
    if cell["step"] == "exact":
        return "" if cell.get("seen") else _("nobody voted on this here")
    return {
        "hidden": _("too few votes to be shown"),
        "nearly_all_agree": _("nearly all agree"),
        "at_least": _("at least %(share)s%% agree") % share,
        "below": _("fewer than %(share)s%% agree") % share,
        "nearly_all_disagree": _("nearly all disagree"),
        "nearly_all_pass": _("nearly all pass"),
    }[cell["step"]]


def rooms_csv(told: Mapping[str, Any]) -> bytes:
    """Return the agreement by room, one line for each statement; an empty cell is not told."""
    return write_csv(_lines(told))


def rooms_xlsx(told: Mapping[str, Any]) -> bytes:
    """Return the same as a spreadsheet."""
    lines = list(_lines(told))
    texts = len(settings.LANGUAGES)
    widths = [TEXT_WIDTH if 0 < at <= texts else NUMBER_WIDTH for at in range(len(lines[0]))]
    return write_xlsx(lines, title=_("By room"), widths=widths, freeze="B2")


def _lines(told: Mapping[str, Any]) -> Iterator[list[object]]:
    words = dict(
        zip(COUNTS, (_("Agree"), _("Disagree"), _("Pass"), _("Votes")), strict=True)
    )  # fmt: skip
    heading: list[object] = [_("Statement")]
    heading += [f"{_('Text')} ({name})" for _code, name in settings.LANGUAGES]
    heading += [_("Result"), _("Where it is not reached")]
    for row in told["rows"]:
        heading += [f"{row['label']}: {words[name]}" for name in COUNTS]
        heading += [f"{row['label']}: {one}" for one in (_("from %"), _("to %"), _("told as"))]
    for letter in told["groups"]:
        heading += [f"{_group(letter)}: {words[name]}" for name in COUNTS]
    yield heading
    for one in told["statements"]:
        line: list[object] = [one["number"]]
        line += [one["text"].get(code, "") for code, _name in settings.LANGUAGES]
        line += [state_words(one["state"]), _where(one)]
        for cell in one["rows"]:
            line += [cell.get(name, "") for name in (*COUNTS, "low", "high")]
            line.append(cell["words"])
        for cell in one["groups"]:
            line += [cell.get(name, "") for name in COUNTS]
        yield line


def state_words(state: str) -> str:
    """Say in words whether a statement is bridging."""
    return {
        "bridging": _("bridging statement"),
        "missed": _("not everywhere"),
        "untold": _("cannot be told"),
    }[state]


def _where(one: Mapping[str, Any]) -> str:
    places = [str(cell["label"]) for cell in one["missed_rooms"]]
    places += [cell["name"] for cell in one["missed_groups"]]
    return pgettext("list of names", ", ").join(places)


def _group(letter: str) -> str:
    letters = {
        "A": pgettext("opinion group", "A"),
        "B": pgettext("opinion group", "B"),
        "C": pgettext("opinion group", "C"),
        "D": pgettext("opinion group", "D"),
        "E": pgettext("opinion group", "E"),
    }
    return f"{_('Group')} {letters[letter]}"
