"""One ask of the demonstration as it went: put to a post, answered, promised, kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hiwar.asks.actions.answers import Reply, record_answer
from hiwar.asks.actions.asks import write_ask
from hiwar.asks.actions.commitments import (
    Promised,
    add_proof,
    record_commitment,
    settle_commitment,
    verify_change,
)
from hiwar.asks.actions.plan import write_line
from hiwar.asks.actions.points import (
    add_addressee,
    add_point,
    approve_addressees,
    record_addressee_state,
)
from hiwar.asks.actions.power import Assessment, draw_influence, place_on_map
from hiwar.asks.actions.requests import Happened, file_request, record_step, show_request
from hiwar.asks.models import Addressee, Commitment
from hiwar.common.dates import local_day
from hiwar.common.models import Visibility
from hiwar.contacts.models import Organisation, Post
from hiwar.dossiers.queries.facts import facts_of
from hiwar.legislation.models import Amendment, LawVersion
from hiwar.papers.models import Recommendation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.asks.models import Answer, Ask, AskPoint
    from hiwar.asks.queries.targets import Target
    from hiwar.dossiers.models import Dossier

KEPT = 4  # days after a proof was brought, a second person has looked at it


def load_ask(
    *, entry: Mapping[str, Any], dossier: Dossier, writer: User, director: User, at: datetime
) -> Ask:
    """Load one ask: written and approved, put to a post, sent by hand, answered.

    Days of the entry are days before ``at``. Raises ``DoesNotExist`` for a post or a target that
    is not there, and what the actions raise.
    """
    began = at - timedelta(days=entry["sent"])
    is_public = bool(entry.get("public"))
    ask = write_ask(
        actor=writer, dossier=dossier, text=entry["text"], short=entry["short"], now=began,
        visibility=Visibility.PUBLIC if is_public else Visibility.INSTITUTION, is_demo=True,
    )  # fmt: skip
    points = [
        add_point(actor=writer, ask=ask, act=_act(point), now=began, target=_target(dossier, point))
        for point in entry["points"]
    ]
    post = Post.objects.filter(organisation__code=entry["post"], is_demo=True).earliest("pk")
    addressee = add_addressee(
        actor=writer, ask=ask, post=post, now=began,
        answer_due=local_day(at) - timedelta(days=entry["due"]),
    )  # fmt: skip
    approve_addressees(actor=director, ask=ask, now=began)
    record_addressee_state(
        actor=writer, addressee=addressee, state="delivered", day=local_day(began), now=began,
        source="سُلّم باليد",
    )  # fmt: skip
    entered = entry.get("answer")
    if not entered:
        return ask
    answered_at = at - timedelta(days=entered["days_ago"])
    verdicts = zip(points, entered["verdicts"], strict=True)
    until = local_day(at) + timedelta(days=entered["until_in"]) if "until_in" in entered else None
    answer = record_answer(
        actor=writer, addressee=addressee, way=entered["way"], answered_on=local_day(answered_at),
        reply=Reply(
            {str(point.pk): verdict for point, verdict in verdicts}, entered["words"], until,
            entered["giver"], may_publish=is_public,
        ),
        now=answered_at, is_demo=True,
    )  # fmt: skip
    for promise in [*entered.get("promises", ()), *filter(None, [entered.get("promise")])]:
        commitment = _promised(promise, points, answer, at)
        if is_public:
            Commitment.objects.filter(pk=commitment.pk).update(is_public=True)
        if "proof" in promise:
            _proven(promise["proof"], commitment, director, at)
    return ask


def load_lines(
    lines: Iterable[Mapping[str, Any]], *, dossier: Dossier, writer: User, at: datetime
) -> None:
    """Load what is said of an issue, to an audience or to the post that was asked.

    Raises ``DoesNotExist`` for a post that nothing was put to, and what the actions raise.
    """
    facts = list(facts_of(dossier).exclude(checked_on=None)[:1])
    for line in lines:
        addressee = None
        if "post" in line:
            put = Addressee.objects.filter(ask__dossier=dossier)
            addressee = put.filter(post__organisation__code=line["post"]).earliest("pk")
        write_line(
            actor=writer, dossier=dossier, words=line["words"], now=at, addressee=addressee,
            audience=line.get("audience", ""), facts=() if addressee else facts, is_demo=True,
        )  # fmt: skip


def load_map(
    entries: Iterable[Mapping[str, Any]], *, dossier: Dossier, writer: User, at: datetime
) -> None:
    """Load the power map of a dossier, as who writes its asks sees it."""
    placed = {}
    for entry in entries:
        post = Post.objects.filter(organisation__code=entry["post"], is_demo=True).earliest("pk")
        placed[entry["post"]] = place_on_map(
            actor=writer, dossier=dossier, subject=post, now=at,
            assessment=Assessment(
                entry["power"], entry["interest"], entry.get("stance"), entry["confidence"],
                entry["evidence"], local_day(at) - timedelta(days=entry["days_ago"]),
            ),
        )  # fmt: skip
    for entry in entries:
        for source, how in entry["reached_by"]:
            draw_influence(
                actor=writer, source=placed[source], target=placed[entry["post"]], how=how, now=at
            )


def load_requests(
    entries: Iterable[Mapping[str, Any]], dossier: Dossier, by: tuple[User, User], at: datetime
) -> None:
    """Load information requests: filed by the first, shown to everybody by the second."""
    writer, director = by
    for entry in entries:
        filed_at = at - timedelta(days=entry["filed"])
        request = file_request(
            actor=writer, dossier=dossier, subject=entry["subject"], text=entry["text"],
            organisation=Organisation.objects.get(code=entry["body"], is_demo=True),
            filed_on=local_day(filed_at), by=entry["days"], now=filed_at,
        )  # fmt: skip
        for step in entry["steps"]:
            day_at = at - timedelta(days=step["days_ago"])
            record_step(
                actor=writer, request=request, now=day_at,
                happened=Happened(step["kind"], local_day(day_at), step.get("result", "")),
            )  # fmt: skip
        if entry.get("public"):
            show_request(actor=director, request=request, is_public=True, now=at)


def _act(point: Mapping[str, Any]) -> Mapping[str, str]:
    act: Mapping[str, str] = point.get("act", point)
    return act


def _target(dossier: Dossier, point: Mapping[str, Any]) -> Target | None:
    """Return what a point rests on: a recommendation of a paper, or a proposal on an article."""
    if "recommendation" in point:
        recommendations = Recommendation.objects.filter(
            block__paper__code=point["paper"], block__paper__is_demo=True
        ).order_by("block__position")
        number: int = point["recommendation"]
        return recommendations[number - 1]
    if "amendment" in point:
        return Amendment.objects.get(law__dossier=dossier, eid=point["amendment"])
    return None


def _promised(
    promise: Mapping[str, Any], points: list[AskPoint], answer: Answer, at: datetime
) -> Commitment:
    """Record a promise of who answered, as whoever recorded the answer."""
    due_on = local_day(at) - timedelta(days=promise["due_days_ago"])
    assert answer.recorded_by is not None  # noqa: S101 - it came by no link
    return record_commitment(
        actor=answer.recorded_by, point=points[promise.get("point", 1) - 1],
        post=answer.addressee.post, origin=answer, now=answer.recorded_at, is_demo=True,
        promised=Promised(promise["words"], answer.answered_on, due_on),
    )  # fmt: skip


def _proven(proof: Mapping[str, Any], commitment: Commitment, director: User, at: datetime) -> None:
    """Prove a promise by the newest version of the law of its dossier, and let it be verified."""
    writer, dossier = commitment.recorded_by, commitment.point.ask.dossier
    version = LawVersion.objects.filter(law__dossier=dossier, is_unofficial=False).latest("number")
    brought = at - timedelta(days=proof["days_ago"])
    add_proof(
        actor=writer, commitment=commitment, shown_by=version, says=proof["says"],
        brought_on=local_day(brought), note=proof["note"], now=brought,
    )  # fmt: skip
    change = settle_commitment(
        actor=writer, commitment=commitment, state=proof["says"], day=local_day(brought),
        reason=proof["note"], source=version.source, now=brought,
    )  # fmt: skip
    verify_change(actor=director, change=change, now=brought + timedelta(days=KEPT))
