"""What asks hold on a person of the register: who spoke for a body, and to whom a letter went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hiwar.asks.models import (
    Answer,
    Dispute,
    Influence,
    InformationRequest,
    Letter,
    MeetingEntry,
    Outcome,
    Position,
    PowerEntry,
    RequestStep,
    StateChange,
)
from hiwar.common.personal.holdings import Holding
from hiwar.common.search.folding import fold
from hiwar.contacts.queries.holders import organisations_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.common.personal.holdings import Traces

GONE = "…"
PUBLIC_WORDS = ("theme", "place", "ours", "correction", "withdrawn_because")


def _erase(traces: Traces) -> None:
    """Take the name out of positions of the person's organisations; what was said stays theirs."""
    said = Position.objects.filter(organisation__in=organisations_of(traces.keys))
    traces.empty_names(said, "said_by", "confirmed_by")
    answers = Answer.objects.filter(addressee__post__organisation__in=organisations_of(traces.keys))
    traces.empty_names(answers, "giver_name")
    own = organisations_of(traces.keys)
    disputes = Dispute.objects.filter(post__organisation__in=own)
    traces.empty_names(disputes, "by_whom")
    # What a post disputed or replied stays the post's, without the names of who is erased in it.
    _take_out(traces, disputes, "words")
    for replied, post in (
        (StateChange, "commitment__post__organisation"), (Outcome, "addressee__post__organisation"),
    ):  # fmt: skip
        _take_out(traces, replied._default_manager.filter(**{f"{post}__in": own}), "reply")
    # What was thought of their bodies stays, without their names in it.
    entries = PowerEntry.objects.filter(Q(organisation__in=own) | Q(post__organisation__in=own))
    keys = entries.order_by().values("pk")
    _take_out(traces, entries, "evidence")
    _take_out(traces, Influence.objects.filter(Q(source__in=keys) | Q(target__in=keys)), "how")
    requests = InformationRequest.objects.filter(organisation__in=own)
    _take_out(traces, requests, "text")
    steps = RequestStep.objects.filter(request__in=requests.order_by().values("pk"))
    for name in ("ground", "source"):
        _take_out(traces, steps, name)
    of_persons = MeetingEntry.objects.filter(
        Q(interaction__people__in=traces.keys) | Q(post__holdings__person__in=traces.keys)
        | Q(post__organisation__in=own)
    )  # fmt: skip
    own_entries = MeetingEntry.objects.filter(pk__in=of_persons.order_by().values("pk"))
    _take_out(traces, own_entries, "told_how")
    _take_out_of_register(traces, own_entries)
    letters = Letter.objects.filter(holder__in=traces.keys)
    # A letter that was issued stays as it was sent, without the name in its address.
    traces.empty(letters, holder=None, envelope={}, salutation={})


def _take_out(traces: Traces, rows: QuerySet[Any], name: str) -> None:
    """Take the words of the persons out of a text of rows that stay."""
    for row in rows.exclude(**{name: ""}).order_by("pk"):
        text: str = getattr(row, name)
        for word in traces.words:
            text = text.replace(word, GONE)
        if text != getattr(row, name):
            traces.empty(rows.filter(pk=row.pk), **{name: text})


def _take_out_of_register(traces: Traces, entries: QuerySet[MeetingEntry]) -> None:
    """Take the words of the persons out of what everybody reads of meetings with their posts."""
    for row in entries.order_by("pk"):
        for name in PUBLIC_WORDS:
            before = dict(getattr(row, name))
            after = {code: _without(traces, text) for code, text in before.items()}
            if after != before:
                text = _without(traces, row.search_text)
                traces.empty(entries.filter(pk=row.pk), **{name: after, "search_text": text})


def _without(traces: Traces, text: str) -> str:
    for word in traces.words:
        text = text.replace(word, GONE).replace(fold(word), GONE)
    return text


HOLDING = Holding(
    "contacts.person", "asks",
    (
        "asks.Position", "asks.Answer", "asks.Letter", "asks.Dispute", "asks.StateChange",
        "asks.Outcome", "asks.PowerEntry", "asks.Influence",
        "asks.InformationRequest", "asks.RequestStep", "asks.MeetingEntry",
    ),
    _erase,
)  # fmt: skip
