"""How it was counted: parameters, files and notes in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.analysis import remarks
from hiwar.analysis.report.figures import integer
from hiwar.analysis.report.user_text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations


def parameters(t: NullTranslations, document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return meaning, value and name of each parameter; unknown ones under their own name."""
    _ = t.gettext
    meaning = {
        "mode": _("Way of counting"),
        "min_votes": _("Votes a person needs to be placed in a group"),
        "min_participants": _("People that are placed in any case (compatible counting)"),
        "min_group_size": _("Smallest group that may be shown"),
        "max_groups": _("Largest number of groups that is tried"),
        "n_base_clusters": _("Small clusters from which groups are made"),
        "restarts": _("Fresh starts of the grouping"),
        "bootstrap": _("Repeats with other people drawn"),
        "confidence": _("Level of the intervals"),
        "false_discovery_rate": _("Accepted share of chance finds"),
        "min_exposure": _("Votes a statement needs in every group"),
        "seed": _("Seed of the random draws"),
        "trait_map": _("Second map, by what people voted alone"),
    }
    return [
        (meaning.get(name, clean(name)), _value(t, value), clean(name))
        for name, value in document["engine"]["parameters"].items()
    ]


def _value(t: NullTranslations, value: object) -> str:
    if isinstance(value, bool):
        yes, no = t.pgettext("parameter", "yes"), t.pgettext("parameter", "no")
        return yes if value else no
    return clean(value)


def mode(t: NullTranslations, document: Mapping[str, Any]) -> str:
    """Say in one sentence which way of counting was used."""
    if document["engine"]["mode"] == "compat":
        return t.gettext(
            "Counted in compatible mode: every step repeats the best-known opinion-mapping system."
        )
    return t.gettext(
        "Counted in Hiwar's own mode: statements that moderation took out are left out entirely, "
        "the result does not depend on the order of people or votes, and no group is shown that is "
        "too small."
    )


def size(t: NullTranslations, n: int) -> str:
    """Write the size of a file."""
    if n < 10_000:
        return t.ngettext("%(n)s byte", "%(n)s bytes", n) % {"n": integer(n)}
    return t.gettext("%(n)s kB") % {"n": integer(round(n / 1000))}


def notes(t: NullTranslations, document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return code and sentence of what to know; a code without a sentence stands for itself."""
    _ = t.gettext
    sentences = {
        "groups_uncertain": _("The groups are less certain than one would wish: see above."),
        "groups_not_stable": _(
            "The groups change when other people of the same kind are drawn: see above."
        ),
        "one_continuum": _(
            "There is no gap between the groups: they are parts of one continuum, see above."
        ),
        "small_group_possible": _("A small group that is not shown may exist, see above."),
        "rows_not_publishable": _(
            "The votes of single people would give them away and must not be published."
        ),
        "bursts_found": _(
            "Some votes arrived faster than chance explains; that may be a room voting together."
        ),
        "no_times": _("The files do not say when votes were cast."),
        "no_texts": _("The files hold no texts of statements."),
        "summary_unreadable": _("The summary file could not be read; title and question may lack."),
        "matrix_differs": _(
            "The record of votes and the final matrix differ in places; the record was used."
        ),
    }
    sentences |= remarks.reading_notes(t)
    inputs = document["inputs"]
    said = [remarks.signs(t, inputs), remarks.dropped(t, inputs), *remarks.counted(t, inputs)]
    return [
        *(("", clean(sentence)) for sentence in said if sentence),
        *((clean(code), sentences.get(str(code), "")) for code in document.get("notes") or ()),
    ]
