"""Statements as the page shows them: text, bars, verdicts, and the lists they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.analysis.report import words
from hiwar.analysis.report.figures import integer, percent, span, whole_percent, width
from hiwar.analysis.report.user_text import clean, statement_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from gettext import NullTranslations

    from markupsafe import Markup

    from hiwar.analysis.report.groups import Group

_NARROW = 0.09  # a narrower part of a bar has no room for its number
_SMALL = 0.17  # a narrower part has none on a telephone


def _number(share: float) -> str:
    return percent(share) if share >= _NARROW else ""


@dataclass(frozen=True)
class Bar:
    """The votes of one group, or of everybody, on one statement."""

    group: Group | None
    name: str
    agree: float
    passed: float
    disagree: float
    seen: int
    low: float | None
    high: float | None
    spoken: str
    counted: str

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """Return class, width and number of each part that is not empty."""
        shares = (("y", self.agree), ("p", self.passed), ("n", self.disagree))
        return [
            (kind + (" s" if share < _SMALL else ""), width(share), _number(share))
            for kind, share in shares
            if share > 0
        ]

    @property
    def whisker(self) -> tuple[str, str] | None:
        """Return start and length of the interval of the share that agrees."""
        if self.low is None or self.high is None:
            return None
        return width(self.low), width(self.high - self.low)


@dataclass(frozen=True)
class Statement:
    """A statement with its text and one bar per group and for everybody."""

    id: str
    text: str
    lang: str | None
    everybody: Bar
    bars: tuple[Bar, ...]
    raw: Mapping[str, Any]

    @property
    def weighted(self) -> float | None:
        """Return the share of everybody that agrees after weighting."""
        share: float | None = (self.raw.get("weighted") or {}).get("agree")
        return share

    @property
    def anchor(self) -> str:
        """Return the statement's address on the page; its place, for ids are anybody's words."""
        return f"s{self.raw['_place']}"


class Reader:
    """Turns the document's statements into what the templates show."""

    def __init__(
        self, t: NullTranslations, lang: str, document: Mapping[str, Any], groups: Sequence[Group]
    ) -> None:
        self.t, self.lang, self.groups = t, lang, groups
        self.level = document["engine"]["parameters"]["confidence"]
        self.is_weighted = any(raw.get("weighted") for raw in document["statements"])
        self.all = [
            self._statement({**raw, "_place": place})
            for place, raw in enumerate(document["statements"])
        ]
        self.by_id = {statement.id: statement for statement in self.all}
        self.live = [s for s in self.all if not s.raw["out"]]

    def _statement(self, raw: Mapping[str, Any]) -> Statement:
        text, lang = statement_text(raw, self.lang)
        by_group = raw.get("counts_by_group") or {}
        return Statement(
            id=clean(raw["id"]),
            text=text or self.t.gettext("(the text is not in the file)"),
            lang=lang if lang != self.lang else None,
            everybody=self._bar(None, raw["counts"]),
            bars=tuple(
                self._bar(group, by_group[group.key])
                for group in self.groups
                if group.key in by_group
            ),
            raw=raw,
        )

    def _bar(self, group: Group | None, counts: Mapping[str, Any]) -> Bar:
        seen = counts["seen"]
        agree, passed, disagree = (
            counts[key] / seen if seen else 0.0 for key in ("agree", "pass", "disagree")
        )
        name = group.name if group else self.t.gettext("Everybody")
        spoken = self.t.gettext(
            "%(who)s: %(agree)s agree, %(pass)s pass, %(disagree)s disagree; %(votes)s"
        ) % {
            "who": name,
            "agree": percent(agree),
            "pass": percent(passed),
            "disagree": percent(disagree),
            "votes": words.votes(self.t, seen),
        }
        return Bar(
            group, name, agree, passed, disagree, seen,
            counts.get("agree_low"), counts.get("agree_high"), spoken, words.votes(self.t, seen),
        )  # fmt: skip

    def shared(self) -> list[Statement]:
        """Return the shared statements, the firmest common ground first.

        What reads like a fact about the person stands at the end: it is counted apart.
        """
        return sorted(
            (s for s in self.live if s.raw["shared"]),
            key=lambda s: (
                bool(s.raw.get("about_oneself")),
                -(s.raw["bridging"] or 0),
                -min((b.agree for b in s.bars), default=s.everybody.agree),
            ),
        )

    def dividing(self) -> list[Statement]:
        """Return the dividing statements, the widest gap first."""
        return sorted(
            (s for s in self.live if s.raw["dividing"]),
            key=lambda s: -(s.raw["divisiveness"] or 0),
        )

    def common_ground(self, limit: int = 10) -> list[Statement]:
        """Return the statements with the highest bridging score."""
        scored = [s for s in self.live if s.raw["bridging"] is not None and s.everybody.seen]
        return sorted(scored, key=lambda s: -s.raw["bridging"])[:limit]

    def uncertain(self) -> list[Statement]:
        """Return the live statements on which too few have voted, the fewest votes last."""
        unsure = (s for s in self.live if not s.raw["enough_exposure"])
        return sorted(unsure, key=lambda s: -s.everybody.seen)

    def majority(self, consensus: Mapping[str, Any]) -> list[Statement]:
        """Return what a majority of all shares, agreement first."""
        rows = [*(consensus.get("agree") or ()), *(consensus.get("disagree") or ())]
        return [self.by_id[key] for row in rows if (key := clean(row["statement"])) in self.by_id]

    def columns(self) -> list[str]:
        """Return the headings of the table of all statements, for its cards on a small screen.

        The text of a statement needs none.
        """
        _ = self.t.gettext
        by_group = [_("Agree, %(group)s") % {"group": group.letter} for group in self.groups]
        weighted = [_("Agree, weighted")] if self.is_weighted else []
        return [
            _("No."), "", _("Verdict"), _("Votes"), _("Agree"), _("Pass"), _("Disagree"),
            *weighted, *by_group, _("Points apart"), _("Bridging score"),
        ]  # fmt: skip

    def ground_columns(self) -> list[str]:
        """Return the headings of the table of common ground, for its cards on a small screen."""
        _ = self.t.gettext
        weighted = [_("Agree, weighted")] if self.is_weighted else []
        return ["", _("Bridging score"), _("Agree"), *weighted, _("Votes")]

    def gap(self, statement: Statement) -> str:
        """Say how far apart the groups are."""
        raw = statement.raw
        if raw["divisiveness"] is None:
            return ""
        points = self._points(statement)
        sentence = self.t.ngettext("%(n)s point apart", "%(n)s points apart", points) % {
            "n": integer(points)
        }
        if raw.get("divisiveness_low") is None:
            return sentence
        return self.t.gettext("%(apart)s (%(level)s interval: between %(low)s and %(high)s)") % {
            "apart": sentence,
            "level": percent(self.level),
            "low": whole_percent(raw["divisiveness_low"]),
            "high": whole_percent(raw["divisiveness_high"]),
        }

    def _points(self, statement: Statement) -> int:
        """Return the difference as a reader of the rounded shares beside it would reckon it."""
        exact = whole_percent(statement.raw["divisiveness"])
        shares = [whole_percent(bar.agree) for bar in statement.bars if bar.seen]
        rounded = max(shares) - min(shares) if shares else exact
        return rounded if abs(rounded - exact) <= 1 else exact


@dataclass(frozen=True)
class OwnWord:
    """A statement that speaks for one group, with the figures that say so."""

    statement: Statement
    agrees: bool
    share: str
    counted: str
    interval: Markup
    rest: str
    q: str
    sure: bool
    own_share: float
    rest_share: float | None


def own_words(reader: Reader, raw_group: Mapping[str, Any], group: Group) -> list[OwnWord]:
    """Return the statements that speak for a group."""
    return [
        _own_word(reader, row, group)
        for row in raw_group["representative_statements"]
        if clean(row["statement"]) in reader.by_id
    ]


def _own_word(reader: Reader, row: Mapping[str, Any], group: Group) -> OwnWord:
    t = reader.t
    statement = reader.by_id[clean(row["statement"])]
    share = row["n_success"] / row["n_trials"] if row["n_trials"] else 0.0
    rest = _rest_share(statement.bars, group, agrees=row["direction"] == "agree")
    q = row["q_value"]
    return OwnWord(
        statement=statement,
        agrees=row["direction"] == "agree",
        share=percent(share),
        counted=t.gettext("%(n)s of %(total)s")
        % {"n": integer(row["n_success"]), "total": words.votes(t, row["n_trials"])},
        interval=span(row["p_success_low"], row["p_success_high"]),
        rest=t.gettext("%(share)s of the others") % {"share": percent(rest)},
        q="" if q is None else ("q < 0.001" if q < 0.001 else f"q = {q:.3f}"),
        sure=bool(row["significant"]),
        own_share=share,
        rest_share=rest,
    )


def _rest_share(bars: Iterable[Bar], group: Group, *, agrees: bool) -> float | None:
    others = [bar for bar in bars if bar.group is not group]
    seen = sum(bar.seen for bar in others)
    if seen == 0:
        return None
    return sum((bar.agree if agrees else bar.disagree) * bar.seen for bar in others) / seen
