"""What a dialogue holds on somebody who takes part, and how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.rules import can_erase_people
from hiwar.common.models import ImportRun
from hiwar.common.personal.actions import empty_runs, erase
from hiwar.common.personal.holdings import Holding, Subject
from hiwar.dialogues.actions.statements import also_wrote, drop_details
from hiwar.dialogues.actions.votes import VoteWriter
from hiwar.dialogues.models import (
    Appeal,
    Dialogue,
    FormCheck,
    JoinCode,
    MessageInQueue,
    ModerationDecision,
    OpinionMap,
    Participant,
    Publication,
    Statement,
    ToldAddress,
    Vote,
    Wording,
)
from hiwar.dialogues.queries.erasure import participants_known_by
from hiwar.dialogues.queries.imports import KIND
from hiwar.dialogues.queries.people import name_of
from hiwar.dialogues.queries.telling import owner_key

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.rules import Somebody
    from hiwar.common.models import Erasure
    from hiwar.common.personal.holdings import Traces

PARTICIPANT = "dialogues.participant"


@transaction.atomic
def erase_oneself(*, participant: Participant, now: datetime) -> Erasure:
    """Erase everything of somebody who asks for it on her own page."""
    keys = [str(participant.pk)]
    return erase(actor=None, kind=PARTICIPANT, keys=keys, now=now, is_own_wish=True)


def _records(participant: Participant, traces: Traces) -> list[Participant]:
    """Return every registration of somebody: those that were joined are one person."""
    root = participant
    while root.merged_into is not None:
        root = root.merged_into
    records, at = [root], 0
    while at < len(records):
        records += records[at].merged.order_by("pk")
        at += 1
    for record in records:
        traces.know(record.registration, record.contact_key, str(record.pk))
        traces.know_typed(record.name)
    return [participant, *(record for record in records if record.pk != participant.pk)]


def _may(user: Somebody, _participant: Participant | None) -> bool:
    return can_erase_people(user)


def _erase(traces: Traces) -> None:
    people = Participant.objects.filter(pk__in=traces.keys)
    dialogues = Dialogue.objects.filter(participants__in=people).distinct().order_by("pk")
    for dialogue in list(dialogues):
        Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)
        _forget_in(traces, dialogue)
    _take_words(traces)
    traces.drop(MessageInQueue.objects.filter(participant__in=people))
    # A code whose participant is gone would let somebody in again.
    traces.drop(JoinCode.objects.filter(participant__in=people))
    votes = Vote.objects.filter(participant__in=people)
    traces.counts["dialogues.Vote"] += votes.delete()[0]
    people.update(merged_into=None)
    traces.drop(people)
    keys = list(traces.keys)
    transaction.on_commit(lambda: _forget_readers(keys))


def _forget_in(traces: Traces, dialogue: Dialogue) -> None:
    """Take the persons out of what steps of a dialogue keep to be undone, and of its maps."""
    keys = set(traces.keys)
    decisions = ModerationDecision.objects.filter(statement__dialogue=dialogue)
    for decision in decisions.exclude(before={}).order_by("pk"):
        votes = [row for row in decision.before.get("votes", ()) if row[1] not in keys]
        if len(votes) != len(decision.before.get("votes", ())):
            decision.before = {**decision.before, "votes": votes}
            decision.save(update_fields=["before"])
            traces.counts["dialogues.ModerationDecision"] += 1
    traces.drop(FormCheck.objects.filter(participant__in=keys))
    own = {owner_key(dialogue, key) for key in traces.keys} - {""}
    traces.drop(ToldAddress.objects.filter(dialogue=dialogue, owner__in=own))
    runs = ImportRun.objects.filter(kind=KIND, subject=dialogue.pk)
    empty_runs(traces, runs.values_list("pk", flat=True))
    # What everybody reads still counts the persons, until somebody publishes a new version.
    out = (Publication.State.DRAFT, Publication.State.WITHDRAWN)
    public = Publication.objects.filter(dialogue=dialogue).exclude(state__in=out)
    newest = public.aggregate(newest=Max("version"))["newest"]
    if newest is not None:
        dialogue.outdated_version = newest
        dialogue.save(update_fields=["outdated_version"])
    traces.drop(Publication.objects.filter(dialogue=dialogue, state=Publication.State.DRAFT))
    # The next map is made of the votes that are left; published ones hold counts of many alone.
    maps = OpinionMap.objects.filter(dialogue=dialogue)
    traces.drop(maps.exclude(pk__in=dialogue.publications.values("opinion_map")))


def _take_words(traces: Traces) -> None:
    """Take back what the persons wrote; after the close, others' votes keep a statement's words."""
    statements = Statement.objects.filter(author__in=traces.keys).select_related("dialogue")
    for statement in statements.order_by("pk"):
        traces.beside.add(statement.reference)
        heir = also_wrote(statement, traces.keys)
        if heir is not None:
            statement.author_id = heir
            statement.save(update_fields=["author"])
            continue
        traces.drop(Appeal.objects.filter(statement=statement))
        traces.drop(Wording.objects.filter(statement=statement))
        is_counted = (
            statement.dialogue.state == Dialogue.State.CLOSED
            and statement.votes.exclude(participant__in=traces.keys).exists()
        )
        if is_counted:
            drop_details(statement)
        else:
            _blank(traces, statement)
        statement.author = None
        statement.save(update_fields=["author"])
        traces.counts["dialogues.Statement"] += 1


def _blank(traces: Traces, statement: Statement) -> None:
    traces.know_typed(*statement.text.values())
    with translation.override(statement.language):
        words = gettext("Taken out at the wish of whoever wrote it.")
    statement.text = {statement.language: words}
    statement.theme = ""
    statement.state = Statement.State.WITHDRAWN
    statement.save(update_fields=["text", "theme", "state"])
    statement.decisions.update(reply="")
    traces.counts["dialogues.Vote"] += statement.votes.all().delete()[0]


def _forget_readers(keys: list[int]) -> None:
    """Let the reader that answers phones forget the persons, where it runs in this process."""
    if VoteWriter.forget is not None:
        for key in keys:
            VoteWriter.forget(key)


SUBJECT = Subject(
    code=PARTICIPANT,
    label=_("somebody who takes part in a dialogue"),
    may=_may,
    name=name_of,
    records=_records,
    effects=(
        _("Votes, answers, what was told about oneself and the registration go."),
        _("While the dialogue is open, their statements go with all votes on them; once it is "
          "closed, statements on which others voted stay without an author."),
        _("The map is made anew. What was published stays as it is until somebody publishes a new "
          "version, for which the dialogue and the morning page ask."),
        _("Files that were brought into this dialogue can no longer be undone."),
        _("The code that let them in lets nobody in again."),
        _("An address that was left to be told what came of it goes while the dialogue is open; "
          "after the close nobody knows whose it is."),
    ),
    home=lambda person: reverse("dialogues:dialogue", args=[person.dialogue.code]),
    look_up=lambda _user, text: participants_known_by(text),
)  # fmt: skip
HOLDING = Holding(
    PARTICIPANT,
    "dialogues",
    (
        "dialogues.Participant", "dialogues.Vote", "dialogues.Exposure", "dialogues.Support",
        "dialogues.JoinCode", "dialogues.Statement", "dialogues.Wording", "dialogues.Appeal",
        "dialogues.ModerationDecision", "dialogues.MessageInQueue", "dialogues.MergeProposal",
        "dialogues.FormCheck", "dialogues.ToldAddress", "common.ImportRun",
        "dialogues.OpinionMap", "dialogues.Publication",
    ),
    _erase,
)  # fmt: skip
