"""What to know about how files were read, in a line each: on the terminal and on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gettext
    from collections.abc import Mapping, Sequence


def signs(words: gettext.NullTranslations, inputs: Mapping[str, Any]) -> str:
    """Say what was read as agree, and how sure that is; empty where there was no file."""
    signs = inputs.get("signs")
    if not signs:
        return ""
    _ = words.gettext
    agree = {"agree": signs["agree"]}
    sentences = {
        "counts": _("{agree} was read as agree; the counts that stand beside the votes fit."),
        "database": _(
            "{agree} was read as agree, because the columns pid and tid are those of a database in "
            "which it is. If not, add --signs keep."
        ),
        "words": _("Agree and disagree were read from words, or from the file of --map."),
        "asked": _("{agree} was read as agree, as you said."),
        "unchecked": _(
            "{agree} was read as agree. Nothing in the files confirms it: if it means disagree, "
            "add --signs reverse."
        ),
    }
    return sentences[signs["basis"]].format_map(agree)


def dropped(words: gettext.NullTranslations, inputs: Mapping[str, Any]) -> str:
    """Name the columns that were not read; empty where there are none."""
    headings = list(dict.fromkeys(row["column"] for row in inputs.get("dropped_columns") or ()))
    if not headings:
        return ""
    shown = [title or words.gettext("(no title)") for title in headings[:8]]
    names = words.gettext(", ").join(shown) + (" …" if len(headings) > len(shown) else "")
    return words.ngettext(
        "{n} column was not read and is kept nowhere: {names}.",
        "{n} columns were not read and are kept nowhere: {names}.",
        len(headings),
    ).format(n=len(headings), names=names)


def counted(words: gettext.NullTranslations, inputs: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each count of what was set aside."""
    return [
        sentence.format(n=inputs[name])
        for name, sentence in _counted(words, inputs).items()
        if inputs.get(name)
    ]


def _counted(words: gettext.NullTranslations, inputs: Mapping[str, Any]) -> dict[str, str]:
    def n(name: str) -> int:
        return int(inputs.get(name) or 0)

    ngettext = words.ngettext
    return {
        "revotes": ngettext(
            "{n} vote was changed later; the last one counts.",
            "{n} votes were changed later; the last one counts.",
            n("revotes"),
        ),
        "participants_untold": ngettext(
            "The votes of {n} person are in no count: fewer than five people are not told apart.",
            "The votes of {n} people are in no count: fewer than five people are not told apart.",
            n("participants_untold"),
        ),
        "votes_missing": ngettext(
            "{n} line holds no vote and is left out.",
            "{n} lines hold no vote and are left out.",
            n("votes_missing"),
        ),
        "statements_never_voted": ngettext(
            "{n} statement was never voted on and is left out.",
            "{n} statements were never voted on and are left out.",
            n("statements_never_voted"),
        ),
        "statements_not_listed": ngettext(
            "{n} statement has votes but no line in the file of statements; it has no text.",
            "{n} statements have votes but no line in the file of statements; they have no text.",
            n("statements_not_listed"),
        ),
        "statements_without_text": ngettext(
            "{n} statement with votes has an empty text.",
            "{n} statements with votes have an empty text.",
            n("statements_without_text"),
        ),
        "cells_that_differ": ngettext(
            "The record of votes and the final table differ in {n} vote; the record counts.",
            "The record of votes and the final table differ in {n} votes; the record counts.",
            n("cells_that_differ"),
        ),
        "lines_that_differ": ngettext(
            "In {n} line the votes do not add up to the count beside them; the votes count.",
            "In {n} lines the votes do not add up to the count beside them; the votes count.",
            n("lines_that_differ"),
        ),
        "lines_repaired": ngettext(
            "In {n} line quotation marks inside a text were set right.",
            "In {n} lines quotation marks inside a text were set right.",
            n("lines_repaired"),
        ),
    }


def reading_notes(words: gettext.NullTranslations) -> dict[str, str]:
    """Return the sentence of each code that reading may note and the terminal should say."""
    _ = words.gettext
    return {
        "times_unreadable": _(
            "The times could not be read; the order of the file stands in for them."
        ),
        "times_ambiguous": _(
            "Dates such as 03/02/2027 fit two readings, so the order of the file stands in for "
            "times. Add --dates day-first or --dates month-first."
        ),
        "days_first": _("Dates were read with the day first."),
        "months_first": _("Dates were read with the month first."),
        "many_revotes": _(
            "More than one vote in ten stands there twice, and no time says which was the last. "
            "Check the identifiers: different people may have run together."
        ),
        "wide_sheet": _(
            "Read as the sheet of a survey: columns that hold only answers are the statements."
        ),
        "lines_as_people": _("No column names the people, so each line is one person."),
    }


def on_reading(words: gettext.NullTranslations, notes: Sequence[str]) -> list[str]:
    """Return the sentences of the codes that were noted while reading."""
    known = reading_notes(words)
    return [known[code] for code in notes if code in known]
