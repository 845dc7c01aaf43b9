"""A new version arrives: what still applies, and what became of each proposal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.law import read_outcome
from hiwar.legislation.models import Amendment, AmendmentOutcome, Comment, OfficialAnswer
from hiwar.legislation.queries.amendments import amendments_for
from hiwar.legislation.queries.asked import asked_text
from hiwar.legislation.queries.laws import text_of, versions_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hiwar.accounts.models import User
    from hiwar.engine import law as engine
    from hiwar.legislation.models import Law, LawVersion

APPLIES, CHANGED, MOVED, GONE = "applies", "changed", "moved", "gone"


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a provision in a later version: one of four states, and where it is now."""

    state: str
    to: tuple[str, ...] = ()


def carried_over(changes: Iterable[engine.Change]) -> dict[str, Carried]:
    """Return what became of each article of the older version, by its address there.

    >>> carried_over(())
    {}
    """
    carried: dict[str, Carried] = {}
    for change in changes:
        for eid in change.old:
            if not change.new:
                carried[eid] = Carried(GONE)
            elif change.new != (eid,):
                carried[eid] = Carried(MOVED, change.new)
            else:
                same = change.status in {"same", "spelling"}
                carried[eid] = Carried(APPLIES if same else CHANGED, change.new)
    return carried


def state_of(carried: Mapping[str, Carried], eid: str) -> Carried:
    """Return what became of a provision; a part of an article is what its article is.

    What concerns the law as a whole still applies.
    """
    if not eid:
        return Carried(APPLIES)
    at = eid
    while at not in carried and "__" in at:
        at = at.rpartition("__")[0]
    return carried.get(at, Carried(GONE))


def version_before(user: User, version: LawVersion) -> LawVersion | None:
    """Return the latest earlier version in the same language that a user may read."""
    earlier = versions_for(user, version.law).filter(
        number__lt=version.number, language=version.language
    )
    return earlier.first()


@dataclass(frozen=True, slots=True)
class CarriedComments:
    """Comments on an article of the older version: how many, and what became of the article."""

    eid: str
    name: str
    count: int
    carried: Carried


def carried_comments(
    old: LawVersion, text: engine.Law, carried: Mapping[str, Carried]
) -> list[CarriedComments]:
    """Return the comments on a version by article, in its order; none is left out."""
    eids = Comment.objects.filter(
        consultation__law=old.law_id, consultation__version__number=old.number
    ).values_list("eid", flat=True)  # fmt: skip
    counted = Counter(eids.order_by())
    names = {part.eid: " · ".join(filter(None, (part.label, part.heading)))
             for part in text.walk()}  # fmt: skip
    order = {eid: at for at, eid in enumerate(names)}
    return [
        CarriedComments(eid, names.get(eid, eid), counted[eid], state_of(carried, eid))
        for eid in sorted(counted, key=lambda eid: order.get(eid, -1))
    ]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A proposal beside the new version: both texts, what the reader proposes, what was decided."""

    amendment: Amendment
    name: str
    old: str
    asked: str
    published: str
    carried: Carried
    suggested: engine.Outcome
    outcome: AmendmentOutcome | None


def outcome_rows(
    user: User, old: LawVersion, new: LawVersion, changes: Sequence[engine.Change]
) -> list[OutcomeRow]:
    """Return the adopted proposals on the older version, each with what became of it."""
    before, after = text_of(old), text_of(new)
    carried = carried_over(changes)
    others = _new_or_changed(after, changes)
    confirmed = {
        outcome.amendment_id: outcome
        for outcome in AmendmentOutcome.objects.filter(
            version__law=new.law_id, version__number=new.number
        ).select_related("confirmed_by")
    }  # fmt: skip
    rows = []
    for amendment in amendments_for(user, old.law).filter(
        version__number=old.number, state=Amendment.State.ADOPTED
    ):
        asked = asked_text(amendment, before)
        if asked is None:
            continue
        where = state_of(carried, asked.eid) if asked.old else Carried(APPLIES, (asked.eid,))
        at = _now_at(asked.eid, where)
        published = after.provision(at) if at else None
        text = published.full_text() if published else None
        provision = before.provision(amendment.eid)
        name = provision.label if provision and provision.label else amendment.eid
        suggested = read_outcome(
            asked.old, asked.new, text, [other for other in others if other[0] != at]
        )
        rows.append(
            OutcomeRow(
                amendment, name, asked.old, asked.new, text or "", where, suggested,
                confirmed.get(amendment.pk),
            )
        )  # fmt: skip
    return rows


def _now_at(eid: str, where: Carried) -> str:
    """Return the address in the new version at which a provision is looked for."""
    if not where.to:
        return ""
    return eid if where.state in {APPLIES, CHANGED} else where.to[0]


def _new_or_changed(text: engine.Law, changes: Iterable[engine.Change]) -> list[tuple[str, str]]:
    """Return the articles of a text that are not as they were, where a wish may stand."""
    eids = [eid for change in changes if change.status not in {"same", "spelling"}
            for eid in change.new]  # fmt: skip
    articles = {article.eid: article for article in text.articles()}
    return [(eid, articles[eid].full_text()) for eid in eids if eid in articles]


@dataclass(frozen=True, slots=True)
class Rates:
    """How much was taken over, by proposal and by article, of what was decided."""

    proposals: int
    fulfilled: int
    articles: int
    articles_fulfilled: int
    undecided: int

    @property
    def of_proposals(self) -> float:
        """Share of proposals taken over, fully or in part, in percent."""
        return 100 * self.fulfilled / self.proposals if self.proposals else 0.0

    @property
    def of_articles(self) -> float:
        """Share of articles with a proposal that was taken over, in percent."""
        return 100 * self.articles_fulfilled / self.articles if self.articles else 0.0


def rates_of(decided: Iterable[tuple[str, AmendmentOutcome | None]]) -> Rates:
    """Return both rates, from the article of each proposal and what became of it, if decided."""
    pairs = list(decided)
    known = [(eid, outcome) for eid, outcome in pairs if outcome is not None]
    fulfilled = [eid for eid, outcome in known if outcome.is_fulfilled]
    return Rates(
        len(known), len(fulfilled), len({eid for eid, _outcome in known}), len(set(fulfilled)),
        len(pairs) - len(known),
    )  # fmt: skip


def answers_of(law: Law) -> list[OfficialAnswer]:
    """Return the official answers to a law, newest first."""
    return list(law.answers.select_related("recorded_by").order_by("-answered_on", "pk"))
