"""Where an ask stands: each point at each addressee, and the ask as a whole. Nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.queries import readable_by
from hiwar.asks.models import (
    Addressee,
    Answer,
    AnswerPoint,
    Ask,
    AskPoint,
    Commitment,
    Dispute,
    Outcome,
    StateChange,
)
from hiwar.asks.queries.posts import name_readable_posts
from hiwar.legislation.models import AmendmentOutcome, LawVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.models import User

Result, State = Outcome.Result, Addressee.State
Verdict = TypeVar("Verdict", StateChange, Outcome)
# What is wanted is said in one breath, in each language.
MOST_WORDS = 40
# What an outcome and a settled commitment make of a point, in the words of this page.
BY_RESULT = {
    Result.SAME: "met", Result.STRONGER: "met", Result.ELSEWHERE: "met",
    Result.WEAKER: "part", Result.ABSENT: "unmet",
}  # fmt: skip
BY_COMMITMENT = {
    Commitment.State.KEPT: "met", Commitment.State.PART: "part",
    Commitment.State.UNKEPT: "unmet", Commitment.State.DROPPED: "unmet",
}  # fmt: skip
WORDS = {
    "draft": pgettext_lazy("standing", "not yet sent"),
    "waiting": pgettext_lazy("standing", "no answer yet"),
    "late": pgettext_lazy("standing", "no answer, and the day has passed"),
    "discussed": pgettext_lazy("standing", "in discussion"),
    "returned": pgettext_lazy("standing", "came back"),
    "answered": pgettext_lazy("standing", "answered"),
    "accepted": pgettext_lazy("standing", "accepted"),
    "accepted_part": pgettext_lazy("standing", "accepted in part"),
    "declined": pgettext_lazy("standing", "declined"),
    "time": pgettext_lazy("standing", "needs time"),
    "promised": pgettext_lazy("standing", "promised"),
    "promise_late": pgettext_lazy("standing", "promised, and the day has passed"),
    "met": pgettext_lazy("standing", "met"),
    "part": pgettext_lazy("standing", "met in part"),
    "unmet": pgettext_lazy("standing", "not met"),
    "overtaken": pgettext_lazy("standing", "overtaken by events"),
    "withdrawn": pgettext_lazy("standing", "withdrawn by us"),
}
TONES = {
    "late": "danger", "promise_late": "danger", "declined": "notice", "unmet": "notice",
    "returned": "notice", "met": "success", "part": "info", "accepted": "primary",
    "accepted_part": "primary", "promised": "primary",
}  # fmt: skip
# The first of these that any point has is what is said of the whole ask.
URGENT = ("late", "promise_late", "returned")
OPEN = (
    "promised",
    "time",
    "discussed",
    "waiting",
    "accepted",
    "accepted_part",
    "answered",
    "draft",
)
VERDICTS = {
    AnswerPoint.Verdict.ACCEPTED: "accepted", AnswerPoint.Verdict.PART: "accepted_part",
    AnswerPoint.Verdict.DECLINED: "declined", AnswerPoint.Verdict.TIME: "time",
}  # fmt: skip
UNSENT = {
    Addressee.State.DRAFTED: "draft", Addressee.State.APPROVED: "draft",
    Addressee.State.RETURNED: "returned",
}  # fmt: skip
PROMISED = frozenset([Commitment.State.MADE, Commitment.State.PROGRESS, Commitment.State.CHANGED])
# What is known for certain and no later "unclear" takes back.
SETTLED = frozenset(Commitment.State) - {
    Commitment.State.MADE, Commitment.State.PROGRESS, Commitment.State.UNCLEAR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """One point at one addressee.

    Attributes
    ----------
    state : str
        A key of `WORDS`.
    verdict : AnswerPoint or None
        Of the answer that counts: one that was confirmed before one that only came by a link,
        the holder's before another's, of those the latest.
    answers : tuple of Answer
        All that were neither corrected nor withdrawn and speak of this point, the latest first.
    result : str
        What became of it, as a second person confirmed: a value of `Outcome.Result`, or empty.
    commitments : tuple of Commitment
        What the post promised on the point; what it disputed rightly counts for nothing.
    """

    point: AskPoint
    addressee: Addressee
    state: str
    verdict: AnswerPoint | None = None
    answers: tuple[Answer, ...] = ()
    result: str = ""
    commitments: tuple[Commitment, ...] = ()

    @property
    def label(self) -> str:
        """The state in words."""
        return str(WORDS[self.state])

    @property
    def tone(self) -> str:
        """How the badge of the state looks."""
        return TONES.get(self.state, "")


@dataclass(frozen=True, slots=True)
class AskStanding:
    """An ask with its points at its addressees, on a day.

    Attributes
    ----------
    rows : tuple of (AskPoint, tuple of Standing)
        For each point, where it stands at each addressee, in their order.
    state : str
        Of the whole: what is late first; *met in part* where some of it is met, fully or in part.
    """

    ask: Ask
    addressees: tuple[Addressee, ...]
    rows: tuple[tuple[AskPoint, tuple[Standing, ...]], ...]
    state: str

    @property
    def label(self) -> str:
        """The state in words."""
        return str(WORDS[self.state])

    @property
    def tone(self) -> str:
        """How the badge of the state looks."""
        return TONES.get(self.state, "")


def standing_of(user: User | None, ask: Ask, today: date) -> AskStanding:
    """Return where an ask stands, as the reader may read it (None: everybody).

    Everybody reads of posts only those it was sent to; of answers those that may be published and
    are confirmed, else that there was one; of promises those for everybody; of laws what is public.
    """
    return standings_of(user, [ask], today)[ask.pk]


def standings_of(user: User | None, asks: Iterable[Ask], today: date) -> dict[UUID, AskStanding]:
    """Return where asks stand, by their keys, with queries that do not grow with them."""
    asks = list(asks)
    points, addressees = defaultdict(list), defaultdict(list)
    for point in AskPoint.objects.filter(ask__in=asks).order_by("number", "pk").select_related(
        "recommendation__block", "amendment__law", "provision__version__law"
    ):  # fmt: skip
        points[point.ask_id].append(point)
    put = Addressee.objects.filter(ask__in=asks).select_related("post__organisation")
    # To whom it is only about to be put is nobody's business yet.
    put = put if user is not None else put.exclude(state__in=(State.DRAFTED, State.APPROVED))
    for addressee in put.order_by("post__organisation__code", "post__position", "pk"):
        addressees[addressee.ask_id].append(addressee)
    name_readable_posts(user, chain.from_iterable(addressees.values()))
    answers = _answers(asks)
    answered = frozenset(key for key, rows in answers.items() if rows and user is None)
    if user is None:
        answers = {key: [row for row in rows if is_public(row)] for key, rows in answers.items()}
    results = _results(user, asks)
    promised: dict[tuple[Any, Any], list[Commitment]] = defaultdict(list)
    commitments = (
        Commitment.objects.filter(point__ask__in=asks).order_by("made_on", "pk")
        .prefetch_related(Prefetch("disputes", Dispute.objects.select_related(
            "post__organisation").order_by("-made_on", "-recorded_at")))
    )  # fmt: skip
    for commitment in commitments if user is not None else commitments.filter(is_public=True):
        promised[commitment.point_id, commitment.post_id].append(commitment)
    known = _Known(answers, results, promised, today, answered)
    standings = {}
    for ask in asks:
        rows = tuple(
            (
                point,
                tuple(_standing(point, addressee, known) for addressee in addressees[ask.pk]),
            )
            for point in points[ask.pk]
        )
        cells = [cell for _key, row in rows for cell in row]
        standings[ask.pk] = AskStanding(
            ask, tuple(addressees[ask.pk]), rows, state_of_ask(cell.state for cell in cells)
        )
    return standings


def state_of_ask(states: Iterable[str]) -> str:
    """Return the state of an ask from those of its points at its addressees.

    What is late comes first. All met is met; met here and not there, or anything in part, is met
    in part, whatever is still open; then what is open; then the common end.
    """
    kinds = set(states) - {"overtaken", "withdrawn"} or set(states)
    for state in URGENT:
        if state in kinds:
            return state
    if not kinds:
        return "draft"
    if kinds == {"met"}:
        return "met"
    if kinds & {"met", "part"}:
        return "part"
    for state in OPEN:
        if state in kinds:
            return state
    return next(
        state for state in ("declined", "unmet", "overtaken", "withdrawn") if state in kinds
    )


def next_step(standing: AskStanding) -> str:
    """Return what is to be done next with an ask, in a sentence; empty where nothing is."""
    states = {addressee.state for addressee in standing.addressees}
    if not standing.rows:
        return _("Next: say point by point what is wanted.")
    if not standing.addressees:
        return _("Next: say to which post it is put.")
    for state, sentence in (
        ("drafted", _("Next: it waits for approval.")),
        ("returned", _("Next: it came back and has to be sent another way.")),
        ("approved", _("Next: it is approved and has not been sent.")),
    ):
        if state in states:
            return sentence
    return {
        "late": _("Next: remind them; the day for an answer has passed."),
        "promise_late": _("Next: ask for proof; the day of a promise has passed."),
        "waiting": _("Next: wait for the answer."),
        "promised": _("Next: follow the promise until its day."),
        "accepted": _("Next: agree on a day and record the promise."),
        "accepted_part": _("Next: agree on a day and record the promise."),
    }.get(standing.state, "")


def is_late(commitment: Commitment, today: date) -> bool:
    """Return whether a promise is due and nothing says what became of it."""
    return (
        commitment.state in PROMISED and commitment.due_on is not None and commitment.due_on < today
    )


def is_public(answer: Answer) -> bool:
    """Return whether everybody may read an answer, where everybody may read its ask."""
    is_confirmed = answer.way != Answer.Way.LINK or bool(answer.confirmed_as)
    return answer.may_publish and is_confirmed


def standing_answers(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers that count, the weightiest first.

    Corrected and withdrawn ones do not, nor what only says that it is not theirs to decide.
    """
    corrected = {answer.corrects_id for answer in answers if answer.corrects_id}
    counting = [
        answer
        for answer in answers
        if answer.pk not in corrected and answer.kind == Answer.Kind.ANSWER
    ]
    return sorted(
        counting,
        key=lambda answer: (
            answer.way != Answer.Way.LINK or bool(answer.confirmed_as),
            answer.capacity != Answer.Capacity.OTHER,
            answer.recorded_at,
        ),
        reverse=True,
    )


def standing(verdicts: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """Return the state changes or outcomes that stand: no dispute of them was upheld."""
    upheld = Dispute.objects.filter(state=Dispute.State.UPHELD)
    key = "change" if verdicts.model is StateChange else "outcome"
    return verdicts.exclude(pk__in=upheld.filter(**{f"{key}__isnull": False}).values(key))


def state_of_commitment(commitment: Commitment) -> str:
    """Return the state of a promise: the one of the latest day that was verified and stands.

    *Unclear* never takes the place of a state that was settled.
    """
    state = str(Commitment.State.MADE)
    verified = standing(commitment.changes.exclude(verified_by=None))
    for change in verified.order_by("day", "recorded_at", "pk"):
        if change.after != Commitment.State.UNCLEAR or state not in SETTLED:
            state = change.after
    return state


def _answers(asks: Sequence[Ask]) -> Mapping[Any, list[Answer]]:
    by_addressee: dict[Any, list[Answer]] = defaultdict(list)
    verdicts = Prefetch("answer_points", AnswerPoint.objects.order_by("point__number", "pk"))
    for answer in (
        Answer.objects.filter(addressee__ask__in=asks)
        .prefetch_related(verdicts)
        .order_by("recorded_at", "pk")
    ):
        by_addressee[answer.addressee_id].append(answer)
    return {key: standing_answers(rows) for key, rows in by_addressee.items()}


def _results(user: User | None, asks: Sequence[Ask]) -> dict[tuple[Any, Any], str]:
    """Return what became of points, by point and addressee; of every addressee under None.

    Outcomes count once a second person confirmed them and while no dispute of them was upheld; of
    several the one of the latest day, and *unclear* only where nothing else was ever settled.
    Those of amendments are read where they are kept, of the latest version that the reader may
    read.
    """
    results: dict[tuple[Any, Any], str] = {}
    confirmed = Outcome.objects.filter(point__ask__in=asks, confirmed_by__isnull=False)
    for outcome in standing(confirmed).order_by("on", "recorded_at", "pk"):
        at = outcome.point_id, outcome.addressee_id
        if outcome.result != Result.UNCLEAR or at not in results:
            results[at] = outcome.result
    points = dict(
        AskPoint.objects.filter(ask__in=asks, amendment__isnull=False)
        .order_by()
        .values_list("pk", "amendment")
    )
    if points:
        versions = (
            LawVersion.objects.filter(visibility="public")
            if user is None
            else LawVersion.objects.filter(readable_by(user, LawVersion))
        )
        latest = dict(
            AmendmentOutcome.objects.filter(
                amendment__in=set(points.values()), version__in=versions.order_by().values("pk")
            )
            .order_by("version__number", "pk")
            .values_list("amendment", "result")
        )
        results |= {
            (point, None): latest[amendment]
            for point, amendment in points.items()
            if amendment in latest
        }
    return results


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of asks, by addressee, by point and addressee, by point and post."""

    answers: Mapping[Any, Sequence[Answer]]
    results: Mapping[tuple[Any, Any], str]
    promised: Mapping[tuple[Any, Any], Sequence[Commitment]]
    today: date
    answered: frozenset[Any] = frozenset()


def _standing(point: AskPoint, addressee: Addressee, known: _Known) -> Standing:
    speaking = [
        (answer, verdict)
        for answer in known.answers.get(addressee.pk, ())
        for verdict in answer.answer_points.all()
        if verdict.point_id == point.pk
    ]
    verdict = speaking[0][1] if speaking else None
    result = known.results.get((point.pk, addressee.pk)) or known.results.get((point.pk, None), "")
    commitments = tuple(known.promised.get((point.pk, addressee.post_id), ()))
    state = (
        str(addressee.closed_as)
        or (BY_RESULT.get(Result(result), "") if result else "")
        or _by_commitments(commitments, known.today)
        or _by_verdict(verdict)
        or _without_answer(addressee, verdict, known)
    )
    answers = tuple(answer for answer, _each in speaking)
    return Standing(point, addressee, state, verdict, answers, result, commitments)


def _by_commitments(promised: Sequence[Commitment], today: date) -> str:
    commitments = [row for row in promised if row.counts]
    settled = {BY_COMMITMENT.get(Commitment.State(row.state), "") for row in commitments}
    if "met" in settled:
        return "met" if settled == {"met"} else "part"
    for state in ("part", "unmet"):
        if state in settled:
            return state
    if any(is_late(row, today) for row in commitments):
        return "promise_late"
    is_open = any(row.state in PROMISED for row in commitments)
    return "promised" if is_open else ""


def _by_verdict(verdict: AnswerPoint | None) -> str:
    if verdict is None or verdict.verdict == AnswerPoint.Verdict.TIME:
        return ""
    return VERDICTS[AnswerPoint.Verdict(verdict.verdict)]


def _without_answer(addressee: Addressee, verdict: AnswerPoint | None, known: _Known) -> str:
    state, due = addressee.state, addressee.needs_time_until or addressee.answer_due
    if state in UNSENT:
        return UNSENT[Addressee.State(state)]
    if verdict is None and addressee.pk in known.answered:
        return "answered"
    if due is not None and due < known.today:
        return "late"
    if verdict is not None:
        return "time"
    return "discussed" if state == Addressee.State.DISCUSSED else "waiting"
