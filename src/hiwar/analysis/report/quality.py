"""How sure we are: each quality figure as a sentence and a small plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.analysis.report import words
from hiwar.analysis.report.figures import decimal, integer, percent, whole_percent, width
from hiwar.analysis.report.words import fill, strong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from gettext import NullTranslations

    from markupsafe import Markup

_TENTHS = 10
NOTICEABLE = 0.3  # correlation from which the corrected position is offered beside the other


@dataclass(frozen=True)
class PlotBar:
    """A bar of a small plot: what, how long, and the figure at its end."""

    label: str
    length: str
    figure: str
    chosen: bool = False
    count: str = ""


@dataclass(frozen=True)
class Panel:
    """One aspect of quality."""

    key: str
    title: str
    sentences: tuple[Markup, ...]
    bars: tuple[PlotBar, ...] = ()
    histogram: tuple[PlotBar, ...] = ()
    histogram_title: str = ""


def panels(t: NullTranslations, document: Mapping[str, Any]) -> list[Panel]:
    """Return the panels in reading order; each says so where a figure was not computed."""
    quality = document["quality"]
    return [
        _gap(t, document),
        _stability(t, document, quality.get("stability")),
        _accuracy(t, quality.get("predictive_accuracy")),
        _missingness(t, quality.get("missingness")),
        _manipulation(t, quality.get("manipulation")),
        _privacy(t, quality.get("privacy")),
        _left_out(t, document),
    ]


def _not_computed(t: NullTranslations) -> tuple[Markup, ...]:
    return (fill(t.gettext("This was not computed for these votes.")),)


def _gap(t: NullTranslations, document: Mapping[str, Any]) -> Panel:
    """Say how it was found out whether there are groups at all."""
    title = t.gettext("Are there groups at all?")
    gap = document.get("gap")
    if not gap:
        return Panel("gap", title, _not_computed(t))
    said = {
        "gap": t.gettext(
            "Groups with a gap between them foretold as well or better: there are groups."
        ),
        "no_gap": t.gettext(
            "A place along one continuum foretold better: there is no gap, and the groups shown "
            "are parts of that continuum."
        ),
        "nothing": t.gettext(
            "Neither foretold more than what everybody voted: there is nothing to show."
        ),
    }
    sentences = [
        fill(
            t.gettext(
                "We hid each vote once and foretold it in two ways: from groups, and from a place "
                "on one continuum. This rests on %(people)s and %(votes)s."
            ),
            people=words.people(t, gap["n_people"]),
            votes=words.votes(t, gap["n_votes"]),
        ),
        fill(said[gap["verdict"]]),
        fill(
            t.gettext("With people drawn again at random the answer was the same in %(share)s."),
            share=strong(percent(gap["certainty"])),
        ),
    ]
    return Panel("gap", title, tuple(sentences))


def _stability(
    t: NullTranslations, document: Mapping[str, Any], stability: Mapping[str, Any] | None
) -> Panel:
    title = t.gettext("Would the groups come out again?")
    if not stability:
        return Panel("stability", title, _not_computed(t))
    shares = {int(k): float(v) for k, v in stability["share_by_n_groups"].items()}
    shown = len(document["groups"])
    sentences = [
        fill(
            t.ngettext(
                "We drew people at random from this conversation %(n)s time and looked for groups "
                "each time. The number of groups shown here came out in %(share)s of the draws.",
                "We drew people at random from this conversation %(n)s times and looked for groups "
                "each time. The number of groups shown here came out in %(share)s of the draws.",
                stability["n_resamples"],
            ),
            n=integer(stability["n_resamples"]),
            share=strong(percent(shares.get(shown, 0.0))),
        )
    ]
    if stability.get("mean_agreement") is not None:
        sentences.append(
            fill(
                t.gettext(
                    "The people in each group matched those shown here at %(value)s on average: "
                    "1 means the very same groups, 0 means no better than chance."
                ),
                value=strong(decimal(stability["mean_agreement"])),
            )
        )
    if shown:
        sentences.append(
            fill(
                t.gettext(
                    "That the same groups come out again does not say that there is a gap between "
                    "them: a continuum is cut at the same place each time, too."
                )
            )
        )
    if (document.get("gap") or {}).get("verdict") == "no_gap":
        sentences.append(
            fill(
                t.gettext(
                    "How likely each person belongs to their group is not said: where people "
                    "differ by degree there is no group to belong to."
                )
            )
        )
    bars = tuple(
        PlotBar(_n_groups(t, k), width(share), percent(share), chosen=k == shown)
        for k, share in sorted(shares.items())
    )
    tenths = stability["membership_tenths"]
    return Panel(
        "stability", title, tuple(sentences), bars, _histogram(t, tenths),
        t.gettext("How sure each person's group is, in percent"),
    )  # fmt: skip


def _n_groups(t: NullTranslations, n: int) -> str:
    if n == 0:
        return t.gettext("no groups")
    return t.ngettext("%(n)s group", "%(n)s groups", n) % {"n": integer(n)}


def _histogram(t: NullTranslations, counts: Sequence[int]) -> tuple[PlotBar, ...]:
    most = max(counts, default=0)
    if not most:
        return ()
    return tuple(
        PlotBar(
            f"{tenth * 10}–{tenth * 10 + 10}%", width(count / most * 0.85), words.people(t, count),
            chosen=tenth == _TENTHS - 1, count=integer(count) if count else "",
        )
        for tenth, count in enumerate(counts)
    )  # fmt: skip


def _accuracy(t: NullTranslations, accuracy: Mapping[str, Any] | None) -> Panel:
    title = t.gettext("How much do the groups tell us about a person?")
    if not accuracy or not accuracy.get("n_withheld"):
        return Panel("accuracy", title, _not_computed(t))
    ways = (
        ("majority", t.gettext("guessing what most people voted")),
        ("group", t.gettext("guessing what their group voted")),
        ("map", t.gettext("guessing from their place on the map")),
    )
    known = [(label, accuracy[key]) for key, label in ways if accuracy.get(key) is not None]
    sentences = [
        fill(
            t.ngettext(
                "We hid %(n)s vote and tried to guess it.",
                "We hid %(n)s votes and tried to guess them.",
                accuracy["n_withheld"],
            ),
            n=strong(integer(accuracy["n_withheld"])),
        )
    ]
    if accuracy.get("group") is not None and accuracy.get("majority") is not None:
        gain = whole_percent(accuracy["group"]) - whole_percent(accuracy["majority"])
        sentences.append(_gain(t, gain))
    bars = tuple(PlotBar(label, width(share), percent(share)) for label, share in known)
    return Panel("accuracy", title, tuple(sentences), bars)


def _gain(t: NullTranslations, gain: int) -> Markup:
    if gain <= 0:
        return fill(
            t.gettext(
                "Knowing the group does not make the guess better: the groups describe leanings, "
                "not persons."
            )
        )
    return fill(
        t.ngettext(
            "Knowing the group makes the guess better by %(n)s point: the groups describe "
            "leanings, not persons.",
            "Knowing the group makes the guess better by %(n)s points: the groups describe "
            "leanings, not persons.",
            gain,
        ),
        n=strong(integer(gain)),
    )


def _missingness(t: NullTranslations, missingness: Mapping[str, Any] | None) -> Panel:
    title = t.gettext("Does a place on the map depend on how much somebody voted?")
    if not missingness:
        return Panel("missingness", title, _not_computed(t))
    before, after = (
        missingness["distance_correlation"],
        missingness["distance_correlation_corrected"],
    )
    sentences = [
        fill(
            t.gettext(
                "Nobody votes on everything: %(share)s of all possible votes were cast, and half "
                "of the people cast %(median)s votes or fewer."
            ),
            share=strong(percent(missingness["density"])),
            median=decimal(missingness["median_votes"], 0),
        )
    ]
    if before is not None:
        sentences.append(_correlation(t, before))
    bars = []
    if before is not None:
        bars.append(PlotBar(t.gettext("as counted"), width(abs(before)), decimal(before)))
    if after is not None:
        bars.append(
            PlotBar(
                t.gettext("corrected for the number of votes"), width(abs(after)), decimal(after)
            )
        )
    return Panel("missingness", title, tuple(sentences), tuple(bars))


def _correlation(t: NullTranslations, value: float) -> Markup:
    if abs(value) < NOTICEABLE:
        message = t.gettext(
            "Hardly: the correlation between distance from the middle and number of votes is "
            "%(value)s (0 means none, 1 or −1 means complete)."
        )
    else:
        message = t.gettext(
            "Yes, noticeably: the correlation between distance from the middle and number of votes "
            "is %(value)s (0 means none, 1 or −1 means complete). So the map is also shown with "
            "this effect taken out."
        )
    return fill(message, value=strong(decimal(value)))


def _manipulation(t: NullTranslations, manipulation: Mapping[str, Any] | None) -> Panel:
    title = t.gettext("Did a few people, or copies, make the result?")
    if not manipulation:
        return Panel("manipulation", title, _not_computed(t))
    sentences = []
    if manipulation.get("most_active_share") is not None:
        sentences.append(
            fill(
                t.gettext("The most active 1%% of the people cast %(share)s of all votes."),
                share=strong(percent(manipulation["most_active_share"])),
            )
        )
    alike = len(manipulation.get("identical_rows") or ())
    sentences.append(
        fill(
            t.ngettext(
                "%(n)s set of people voted exactly alike.",
                "%(n)s sets of people voted exactly alike.",
                alike,
            )
            if alike
            else t.gettext("No two people voted exactly alike on many statements."),
            n=strong(integer(alike)),
        )
    )
    bursts = len(manipulation.get("bursts") or ())
    if bursts:
        sentences.append(
            fill(
                t.ngettext(
                    "%(n)s run of votes arrived faster than chance explains.",
                    "%(n)s runs of votes arrived faster than chance explains.",
                    bursts,
                ),
                n=strong(integer(bursts)),
            )
        )
    ways = (
        (
            t.gettext("groups without the most active"),
            manipulation.get("agreement_without_most_active"),
        ),
        (t.gettext("groups without copies"), manipulation.get("agreement_without_identical")),
    )
    bars = tuple(
        PlotBar(label, width(value), decimal(value)) for label, value in ways if value is not None
    )
    if bars:
        sentences.append(
            fill(
                t.gettext(
                    "Leaving them out changes the groups this little: 1 means the very same "
                    "groups, 0 means no better than chance."
                )
                if min(value for _, value in ways if value is not None) > 0.8
                else t.gettext(
                    "Leaving them out changes the groups: 1 means the very same groups, 0 means no "
                    "better than chance."
                )
            )
        )
    return Panel("manipulation", title, tuple(sentences), bars)


def _privacy(t: NullTranslations, privacy: Mapping[str, Any] | None) -> Panel:
    title = t.gettext("Could somebody be recognised from their votes?")
    if not privacy:
        return Panel("privacy", title, _not_computed(t))
    sentences = [
        fill(
            t.gettext("%(share)s of the people have a pattern of votes that nobody else has."),
            share=strong(percent(privacy["unique_rows"])),
        ),
        fill(
            t.gettext("The votes of single people may be published.")
            if privacy["may_publish_rows"]
            else t.gettext(
                "So the votes of single people must not be published, even without names. This "
                "page and the document beside it hold no person's votes and no person's place."
            )
        ),
    ]
    singled = sorted((int(k), v) for k, v in (privacy.get("singled_out") or {}).items())
    bars = tuple(
        PlotBar(
            t.ngettext(
                "singled out by somebody who knows %(n)s of their votes",
                "singled out by somebody who knows %(n)s of their votes",
                known,
            )
            % {"n": integer(known)},
            width(share), percent(share),
        )
        for known, share in singled if share is not None
    )  # fmt: skip
    return Panel("privacy", title, tuple(sentences), bars)


def _untold(t: NullTranslations, n: int) -> tuple[Markup, ...]:
    """Say that some people's votes are in no count; nothing where there are none."""
    if not n:
        return ()
    message = t.ngettext(
        "The votes of %(n)s person are in no count by statement: whoever subtracts the groups from "
        "everybody would see them one by one.",
        "The votes of %(n)s people are in no count by statement: whoever subtracts the groups from "
        "everybody would see them one by one.",
        n,
    )
    return (fill(message, n=strong(integer(n))),)


def _left_out(t: NullTranslations, document: Mapping[str, Any]) -> Panel:
    inputs = document["inputs"]
    few = inputs["participants"] - inputs["participants_in_map"]
    least = document["engine"]["parameters"]["min_votes"]
    untold = inputs["participants_untold"]
    in_no_group = (
        t.ngettext(
            "%(n)s person cast fewer than %(min)s votes and is in no group; their votes are "
            "counted in the figures for everybody.",
            "%(n)s people cast fewer than %(min)s votes and are in no group; their votes are "
            "counted in the figures for everybody.",
            few,
        )
        if not untold
        else t.ngettext(
            "%(n)s person cast fewer than %(min)s votes and is in no group.",
            "%(n)s people cast fewer than %(min)s votes and are in no group.",
            few,
        )
    )
    sentences = (
        fill(in_no_group, n=strong(integer(few)), min=integer(least)),
        *_untold(t, untold),
        fill(
            t.ngettext(
                "%(n)s statement was taken out by moderation or is about the participant, not the "
                "topic.",
                "%(n)s statements were taken out by moderation or are about the participant, not "
                "the topic.",
                inputs["statements_out"],
            ),
            n=strong(integer(inputs["statements_out"])),
        ),
    )
    shares = (
        (
            t.gettext("people on the map"),
            inputs["participants_in_map"] / max(inputs["participants"], 1),
        ),
        (
            t.gettext("statements counted"),
            document["answer"]["statements"] / max(inputs["statements"], 1),
        ),
    )
    bars = tuple(PlotBar(label, width(share), percent(share)) for label, share in shares)
    return Panel("left-out", t.gettext("Who and what is left out?"), sentences, bars)
