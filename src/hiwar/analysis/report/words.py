"""Sentences with counts, so that every language can inflect them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from hiwar.analysis.report.figures import integer, percent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations

LETTERS = {"ar": ("أ", "ب", "ج", "د", "هـ", "و", "ز", "ح", "ط", "ي"), "en": tuple("ABCDEFGHIJ")}


def fill(message: str, **values: object) -> Markup:
    """Put values into a message; both are escaped unless they are markup."""
    return escape(message) % values


def strong(text: object) -> Markup:
    """Mark a figure in a sentence."""
    return Markup("<b>{}</b>").format(text)


def letter(lang: str, index: int) -> str:
    """Return the letter of a group; numbers after the tenth."""
    letters = LETTERS.get(lang, LETTERS["en"])
    return letters[index] if index < len(letters) else str(index + 1)


def people(t: NullTranslations, n: int) -> str:
    """Count people."""
    return t.ngettext("%(n)s person", "%(n)s people", n) % {"n": integer(n)}


def votes(t: NullTranslations, n: int) -> str:
    """Count votes."""
    return t.ngettext("%(n)s vote", "%(n)s votes", n) % {"n": integer(n)}


def statements(t: NullTranslations, n: int) -> str:
    """Count statements."""
    return t.ngettext("%(n)s statement", "%(n)s statements", n) % {"n": integer(n)}


def units(t: NullTranslations, document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the key figures: number, its unit, and what it is made of."""
    inputs, answer = document["inputs"], document["answer"]
    n, c, v = inputs["participants"], inputs["statements"], inputs["votes"]
    in_map = inputs["participants_in_map"]
    units = [
        (
            integer(n),
            t.ngettext("participant", "participants", n),
            t.ngettext(
                "%(n)s of them voted often enough for the map",
                "%(n)s of them voted often enough for the map",
                in_map,
            )
            % {"n": integer(in_map)},
        ),
        (
            integer(c),
            t.ngettext("statement", "statements", c),
            t.ngettext(
                "%(n)s of them is counted", "%(n)s of them are counted", answer["statements"]
            )
            % {"n": integer(answer["statements"])},
        ),
        (
            integer(v),
            t.ngettext("vote", "votes", v),
            t.gettext("%(agree)s agree, %(disagree)s disagree, %(pass)s pass")
            % {
                key: percent(inputs[key] / v if v else None)
                for key in ("agree", "disagree", "pass")
            },
        ),
    ]
    if document["groups"]:
        g = len(document["groups"])
        sizes = t.gettext("of %(smallest)s to %(largest)s") % {
            "smallest": integer(min(group["size"] for group in document["groups"])),
            "largest": people(t, max(group["size"] for group in document["groups"])),
        }
        units.append((integer(g), t.ngettext("opinion group", "opinion groups", g), sizes))
    return units


def answer(t: NullTranslations, document: Mapping[str, Any]) -> Markup:
    """Return the one sentence that the page exists for."""
    if document["outcome"] != "groups":
        return fill(_outcomes(t)[document["outcome"]][0])
    numbers = document["answer"]
    groups = numbers["groups"]
    shared = numbers["shared"] - numbers.get("shared_about_oneself", 0)
    values = {
        "n": strong(integer(shared)),
        "total": strong(integer(numbers["statements"])),
        "groups": integer(groups),
    }
    if has_no_gap(document):
        message = (
            t.ngettext(
                "On %(n)s of %(total)s statements people agree, wherever they stand.",
                "On %(n)s of %(total)s statements people agree, wherever they stand.",
                shared,
            )
            if shared
            else t.gettext(
                "On none of the %(total)s statements do people agree wherever they stand."
            )
        )
    elif shared == 0 and groups == 2:
        message = t.gettext("On none of the %(total)s statements do both groups agree.")
    elif shared == 0:
        message = t.gettext("On none of the %(total)s statements do all %(groups)s groups agree.")
    elif groups == 2:
        message = t.ngettext(
            "On %(n)s of %(total)s statements both groups agree.",
            "On %(n)s of %(total)s statements both groups agree.",
            shared,
        )
    else:
        message = t.ngettext(
            "On %(n)s of %(total)s statements all %(groups)s groups agree.",
            "On %(n)s of %(total)s statements all %(groups)s groups agree.",
            shared,
        )
    return fill(message, **values)


def has_no_gap(document: Mapping[str, Any]) -> bool:
    """Say whether the groups shown are the ends of one continuum."""
    gap = document.get("gap")
    return gap is not None and gap["verdict"] == "no_gap"


def apart(t: NullTranslations, document: Mapping[str, Any]) -> list[Markup]:
    """Say whether there are groups at all, and what is counted apart."""
    markups = []
    gap = document.get("gap")
    if gap and document["outcome"] == "groups":
        markups.append(fill(_verdict(t, gap["verdict"], document["answer"]["groups"])))
    if gap:
        markups += [fill(_small(t, size), n=integer(size)) for size in gap["small_groups"]]
    if n := document["answer"].get("shared_about_oneself", 0):
        message = t.ngettext(
            "%(n)s more statement is shared by all but reads like a fact about the person; it is "
            "counted apart.",
            "%(n)s more statements are shared by all but read like facts about the person; they "
            "are counted apart.",
            n,
        )
        markups.append(fill(message, n=integer(n)))
    return markups


def _verdict(t: NullTranslations, verdict: str, groups: int) -> str:
    if verdict == "gap":
        return t.gettext("There is a gap between the groups: few people stand between them.")
    if groups == 2:
        return t.gettext(
            "There is no gap between them: people stand along one continuum, and the two groups "
            "are its ends. The line between them is drawn by the method, not by the people."
        )
    return t.gettext(
        "There is no gap between them: people stand along one continuum, and the groups are parts "
        "of it. The lines between them are drawn by the method, not by the people."
    )


def _small(t: NullTranslations, size: int) -> str:
    return t.ngettext(
        "A small group of about %(n)s person with views of its own may exist; it is not shown.",
        "A small group of about %(n)s people with views of its own may exist; it is not shown.",
        size,
    )


def supplement(t: NullTranslations, document: Mapping[str, Any]) -> Markup:
    """Return the sentence after the answer: what divides, or why no groups are shown."""
    numbers = document["answer"]
    if document["outcome"] != "groups":
        return fill(
            _outcomes(t)[document["outcome"]][1],
            n=integer(document["inputs"]["participants_in_map"]),
            min=integer(document["engine"]["parameters"]["min_votes"]),
            size=integer(document["engine"]["parameters"]["min_group_size"]),
        )
    if numbers["dividing"] == 0:
        divides = t.gettext("No statement clearly divides them.")
    else:
        divides = t.ngettext(
            "%(n)s statement divides them.",
            "%(n)s statements divide them.",
            numbers["dividing"],
        ) % {"n": integer(numbers["dividing"])}
    if numbers["statements"] <= numbers["shared"] + numbers["dividing"]:
        return Markup("{}").format(divides)
    rest = t.gettext("The others lie in between, or too few people have voted on them to say.")
    return Markup("{} {}").format(divides, rest)


def _outcomes(t: NullTranslations) -> dict[str, tuple[str, str]]:
    _ = t.gettext
    return {
        "too_few_participants": (
            _("No opinion groups can be shown yet: too few people have voted."),
            _(
                "People with at least %(min)s votes: %(n)s. Two groups need at least %(size)s "
                "people each. What everybody said is below."
            ),
        ),
        "too_few_statements": (
            _("No opinion groups can be shown: there are too few statements."),
            _("At least two statements must be open to votes before views can be compared."),
        ),
        "no_variation": (
            _("Everybody voted alike, so there are no opinion groups."),
            _("Groups are made from differences, and these votes hold none."),
        ),
        "no_structure": (
            _("People differ, but they do not form opinion groups."),
            _(
                "Views differ no more than they would by chance, so it would be wrong to draw a "
                "line between people. What everybody said is below."
            ),
        ),
        "not_stable": (
            _("No opinion groups can be shown that would stand a second look."),
            _(
                "When other people of the same kind are drawn, the groups come out differently. "
                "What everybody said is below."
            ),
        ),
    }


def at_edge(t: NullTranslations, n: int) -> str:
    """Say how many hollow marks had to be moved into the frame."""
    return t.ngettext(
        "%(n)s person with few votes lies outside and is drawn at the edge.",
        "%(n)s people with few votes lie outside and are drawn at the edge.",
        n,
    ) % {"n": integer(n)}


def more_shared(t: NullTranslations, n: int) -> str:
    """Name the folded part of the list of shared statements."""
    return t.ngettext("%(n)s more shared statement", "%(n)s more shared statements", n) % {
        "n": integer(n)
    }


def more_dividing(t: NullTranslations, n: int) -> str:
    """Name the folded part of the list of dividing statements."""
    return t.ngettext("%(n)s more dividing statement", "%(n)s more dividing statements", n) % {
        "n": integer(n)
    }


def still_open(t: NullTranslations, n: int) -> str:
    """Say how many statements have too few votes."""
    return t.ngettext(
        "%(n)s statement has too few votes in at least one group. It is neither shared nor "
        "dividing: it is open.",
        "%(n)s statements have too few votes in at least one group. They are neither shared nor "
        "dividing: they are open.",
        n,
    ) % {"n": integer(n)}


def marks(t: NullTranslations, smallest: int) -> str:
    """Say what a mark on the map is, and what it is not."""
    return t.ngettext(
        "Each mark is one person. Marks stand in cells of at least %(n)s person, not where the "
        "person stands.",
        "Each mark is one person. Marks stand in cells of at least %(n)s people, not where the "
        "person stands.",
        smallest,
    ) % {"n": integer(smallest)}
