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


def told_by_room(document: Mapping[str, Any] | None) -> Json | None:
    """Return what `queries.rooms.by_room` found as a page tells it; None without rooms."""
    if not document:
        return None
    rows = [{**row, "label": _label(row)} for row in document["rows"]]
    statements = [_statement(entry, rows, document) for entry in document["statements"]]
    return {
        "threshold": document["threshold"],
        "share": document["share"],
        "rows": rows,
        "groups": [LETTERS[at % 5] for at in range(len(document["groups"]))],
        "sentence": _sentence(document),
        "statements": statements,
        **{
            state: [statement for statement in statements if statement["state"] == state]
            for state in STATES
        },
    }


def _label(row: Mapping[str, Any]) -> str:
    if row["kind"] == "room":
        return str(MultilingualText(row["names"][0]))
    if row["kind"] == "elsewhere":
        return _("In no room")
    if not row["names"]:
        return _("Other rooms")
    names = pgettext("list of names", ", ").join(
        str(MultilingualText(name)) for name in row["names"]
    )
    label = _("Other rooms together (%(names)s)") % {"names": names}
    return _("%(rooms)s and in no room") % {"rooms": label} if row.get("with_elsewhere") else label


def _sentence(document: Mapping[str, Any]) -> str:
    """Return in one sentence how many statements are bridging."""
    bridging = sum(entry["state"] == "bridging" for entry in document["statements"])
    facts = {
        "n": number(bridging),
        "total": number(len(document["statements"])),
        "share": number(document["share"]),
        "groups": number(len(document["groups"])),
    }
    if not document["groups"]:
        return (
            ngettext(
                "%(n)s of %(total)s statements has at least %(share)s%% in every room.",
                "%(n)s of %(total)s statements have at least %(share)s%% in every room.",
                bridging,
            )
            % facts
        )
    if len(document["groups"]) == 2:
        return (
            ngettext(
                "%(n)s of %(total)s statements has at least %(share)s%% in every room and in both "
                "groups.",
                "%(n)s of %(total)s statements have at least %(share)s%% in every room and in both "
                "groups.",
                bridging,
            )
            % facts
        )
    return (
        ngettext(
            "%(n)s of %(total)s statements has at least %(share)s%% in every room and in all "
            "%(groups)s groups.",
            "%(n)s of %(total)s statements have at least %(share)s%% in every room and in all "
            "%(groups)s groups.",
            bridging,
        )
        % facts
    )


def _statement(
    entry: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], document: Mapping[str, Any]
) -> Json:
    cells = [
        {**cell, "label": row["label"], "kind": row["kind"], "words": words_of(cell, document)}
        for cell, row in zip(entry["rows"], rows, strict=True)
    ]
    groups = [
        {
            **cell,
            "letter": LETTERS[at % 5],
            "name": _group(LETTERS[at % 5]),
            "words": words_of(cell, document),
        }
        for at, cell in enumerate(entry["groups"])
    ]
    deciding = [cell for cell in cells if cell["kind"] != "elsewhere"]
    return {
        "number": entry["number"],
        "state": entry["state"],
        "text": MultilingualText(entry["texts"]),
        "rows": cells,
        "groups": groups,
        "missed_rooms": [cell for cell in deciding if cell["reached"] == 0],
        "missed_groups": [cell for cell in groups if cell["reached"] == 0],
        "untold_rooms": [cell for cell in deciding if cell["reached"] == -1],
        "untold_groups": [cell for cell in groups if cell["reached"] == -1],
    }


def words_of(cell: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Say what is told of a row instead of its numbers; empty where the numbers are."""
    share = {"share": number(document["share"])}
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


def rooms_csv(document: Mapping[str, Any]) -> bytes:
    """Return the agreement by room, one line for each statement; an empty cell is not told."""
    return write_csv(_lines(document))


def rooms_xlsx(document: Mapping[str, Any]) -> bytes:
    """Return the same as a spreadsheet."""
    lines = list(_lines(document))
    texts = len(settings.LANGUAGES)
    widths = [TEXT_WIDTH if 0 < at <= texts else NUMBER_WIDTH for at in range(len(lines[0]))]
    return write_xlsx(lines, title=_("By room"), widths=widths, freeze="B2")


def _lines(document: Mapping[str, Any]) -> Iterator[list[object]]:
    words = dict(
        zip(COUNTS, (_("Agree"), _("Disagree"), _("Pass"), _("Votes")), strict=True)
    )  # fmt: skip
    heading, text = list[object]([_("Statement")]), _("Text")
    heading += [f"{text} ({name})" for _code, name in settings.LANGUAGES]
    heading += [_("Result"), _("Where it is not reached")]
    for row in document["rows"]:
        heading += [f"{row['label']}: {words[name]}" for name in COUNTS]
        heading += [
            f"{row['label']}: {column}" for column in (_("from %"), _("to %"), _("told as"))
        ]
    for letter in document["groups"]:
        heading += [f"{_group(letter)}: {words[name]}" for name in COUNTS]
    yield heading
    for entry in document["statements"]:
        line: list[object] = [entry["number"]]
        line += [entry["text"].get(code, "") for code, _name in settings.LANGUAGES]
        line += [state_words(entry["state"]), _where(entry)]
        for cell in entry["rows"]:
            line += [cell.get(name, "") for name in (*COUNTS, "low", "high")]
            line.append(cell["words"])
        for cell in entry["groups"]:
            line += [cell.get(name, "") for name in COUNTS]
        yield line


def state_words(state: str) -> str:
    """Say in words whether a statement is bridging."""
    return {
        "bridging": _("bridging statement"),
        "missed": _("not everywhere"),
        "untold": _("cannot be told"),
    }[state]


def _where(entry: Mapping[str, Any]) -> str:
    places = [str(cell["label"]) for cell in entry["missed_rooms"]]
    places += [cell["name"] for cell in entry["missed_groups"]]
    return pgettext("list of names", ", ").join(places)


def _group(letter: str) -> str:
    letters = {
        "A": pgettext("opinion group", "A"),
        "B": pgettext("opinion group", "B"),
        "C": pgettext("opinion group", "C"),
        "D": pgettext("opinion group", "D"),
        "E": pgettext("opinion group", "E"),
    }
    group = _("Group")
    return f"{group} {letters[letter]}"
