"""Files are brought in as one step, looked at before, and taken back as one."""

from __future__ import annotations

import codecs
import io
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from factories.accounts import UserFactory
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory, VoteFactory
from hiwar.common.imports import actions
from hiwar.common.imports.content import report_of
from hiwar.common.models import AuditEntry, ImportRun
from hiwar.common.opt_outs import PHONE, opted_out
from hiwar.common.tables import FileEmpty, FileUnreadable, own_upload
from hiwar.dialogues.actions.imports import message_review
from hiwar.dialogues.actions.imports.undoing import InUse, LaterStepFirst, MergeFirst
from hiwar.dialogues.actions.merges import accept_merges, propose_merges
from hiwar.dialogues.models import (
    Dialogue,
    FormCheck,
    MessageInQueue,
    Participant,
    Statement,
    Vote,
)
from hiwar.dialogues.models.sequences import first_sequence
from hiwar.dialogues.queries.imports import FILE, KIND

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hiwar.accounts.models import User

    Load = Callable[..., ImportRun]

VOTES = "registration_id,statement,vote,time\n"
REGISTERED = "registration_id,channel,phone,sex\n"


@pytest.fixture
def importer(roles: None) -> User:
    return UserFactory.create(email="yazan@house.example", roles=["field_coordinator"])


@pytest.fixture
def forum(db: None) -> Dialogue:
    """Return an open dialogue with three statements and two registered people."""
    forum = DialogueFactory.create()
    for number in (1, 2, 3):
        StatementFactory.create(dialogue=forum, number=number)
    for registration in ("A1", "A2"):
        ParticipantFactory.create(dialogue=forum, registration=registration)
    return forum


def prepare(
    actor: User, forum: Dialogue, text: str | bytes, now: datetime, kind: str = ""
) -> ImportRun:
    content = text.encode() if isinstance(text, str) else text
    return actions.prepare_run(
        actor=actor, kind=KIND, subject=forum.pk, files={FILE: own_upload(content, "f.csv")},
        options={"kind": kind} if kind else {}, now=now,
    )  # fmt: skip


def undo(actor: User, run: ImportRun, now: datetime) -> ImportRun:
    return actions.undo_run(actor=actor, run=run, now=now)


@pytest.fixture
def load(forum: Dialogue, importer: User, now: datetime) -> Load:
    def bring_in(text: str | bytes, *, kind: str = "") -> ImportRun:
        run = prepare(importer, forum, text, now, kind)
        return actions.confirm_run(actor=importer, run=run, now=now)

    return bring_in


def everything() -> list[object]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Participant, Statement, Vote, MessageInQueue)
    ]


def test_statements_with_private_details_wait_masked(load: Load) -> None:
    load("number,text,source\n7,اتصلوا على 0599123456,\n8,خط المؤسسة 0599123456,seed\n9,حديقة,\n")
    states = dict(Statement.objects.filter(number__gt=6).values_list("number", "state"))
    assert states == {7: "held", 8: "open", 9: "open"}
    assert "0599123456" not in str(Statement.objects.get(number=7).shown)


TABLE = "registration_id,channel,sex\nب1,web,أنثى\nب2,web,ذكر\n"


def spreadsheet(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("cp1256"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").replace("\n", "\r\n").encode(),
        spreadsheet(TABLE),
    ],
    ids=["utf8", "mark", "utf16", "utf16-bare", "cp1256", "semicolon", "tab-crlf", "xlsx"],
)
def test_files_as_people_save_them(content: bytes, load: Load) -> None:
    assert load(content).counts["people"] == 2
    assert Participant.objects.get(registration="ب1").sex == "female"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b" \n", FileEmpty),
        (b"PK\x03\x04 no spreadsheet", FileUnreadable),
        (b'a,b\n"open,1\n', FileUnreadable),
        (b"\x00\x01\x02\x03,\x81", FileUnreadable),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        own_upload(content, "f.csv")


def test_nothing_is_written_before_it_is_confirmed(
    forum: Dialogue, importer: User, now: datetime
) -> None:
    before = everything()
    content = (VOTES + "A1,1,agree,2026-11-02\nA9,1,agree,2026-11-02\nA2,9,pass,\n"
               "A2,2,maybe,\nA2,3,نعم,soon\n").encode()  # fmt: skip
    batch = prepare(importer, forum, content, now)
    assert everything() == before
    assert [(one.line, one.column, one.code) for one in report_of(batch).problems] == [
        (3, "registration_id", "registration_unknown"),
        (4, "statement", "statement_unknown"),
        (5, "vote", "answer_unknown"),
        (6, "time", "time_unknown"),
    ]
    assert (batch.counts["loaded"], batch.counts["wrong"]) == (1, 4)
    actions.confirm_run(actor=importer, run=batch, now=now)
    assert Vote.objects.count() == 1


def test_later_vote_wins_whatever_the_order(load: Load, forum: Dialogue) -> None:
    person = Participant.objects.get(registration="A1")
    live = VoteFactory.create(
        participant=person,
        statement=forum.statements.get(number=2),
        choice=1,
        sequence=first_sequence(person.pk, date(2026, 10, 26)),
    )
    batch = load(
        VOTES + "A1,1,disagree,2026-10-09T10:00\nA1,1,agree,2026-10-09T09:00\n"
        "A1,2,disagree,2026-10-01\nA1,3,agree,2026-10-09T10:00\nA1,3,pass,2026-10-09T10:00\n"
    )
    live.refresh_from_db()
    given = dict(Vote.objects.values_list("statement__number", "choice"))
    assert given == {1: -1, 2: 1, 3: 0}
    assert (batch.counts["written"], batch.counts["older"]) == (2, 1)


def test_undo_is_byte_for_byte(load: Load, importer: User, now: datetime) -> None:
    load(VOTES + "A1,1,agree,2026-10-01\nA2,1,agree,2026-10-01\n")
    before = everything()
    batch = load(VOTES + "A1,1,disagree,2026-10-02\nA2,2,pass,2026-10-02\n")
    assert batch.counts["replaced"] == 1
    undo(importer, batch, now)
    assert everything() == before
    with pytest.raises(actions.RunSettled):
        undo(importer, batch, now)


def test_undo_goes_backwards_and_spares_later_votes(
    load: Load, importer: User, now: datetime
) -> None:
    first = load(VOTES + "A1,1,agree,2026-10-01\nA2,1,agree,2026-10-01\n")
    second = load(VOTES + "A1,1,pass,2026-10-02\n")
    with pytest.raises(LaterStepFirst):
        undo(importer, first, now)
    undo(importer, second, now)
    Vote.objects.filter(participant__registration="A2").update(choice=-1, sequence=2**50)
    undo(importer, first, now)
    assert list(Vote.objects.values_list("participant__registration", "choice")) == [("A2", -1)]


def test_registrations_are_undone_unless_used(load: Load, importer: User, now: datetime) -> None:
    before = everything()
    batch = load(REGISTERED + "B1,web,0590000001,female\n")
    votes = load(VOTES + "B1,1,agree,2026-10-01\n")
    with pytest.raises(LaterStepFirst):
        undo(importer, batch, now)
    undo(importer, votes, now)
    vote = VoteFactory.create(
        participant=Participant.objects.get(registration="B1"),
        statement=Statement.objects.get(number=1),
    )
    with pytest.raises(InUse):
        undo(importer, batch, now)
    vote.delete()
    undo(importer, batch, now)
    assert everything() == before


def test_numbers_in_any_writing_are_one_and_are_not_kept(
    load: Load, forum: Dialogue, importer: User, now: datetime
) -> None:
    batch = load(
        REGISTERED + "B1,sms,+970590000001,female\nB2,web,0590-000001,\n"
        "B3,sms,٠٥٩٠٠٠٠٠٠٢,male\nB4,web,00970590000002,male\n"
    )
    proposals = propose_merges(actor=importer, dialogue=forum, now=now)
    assert len(proposals) == 2
    batch.refresh_from_db()
    assert bytes(batch.content) == b""
    kept = repr([everything(), batch.counts, batch.options, batch.choices, batch.files])
    entries = repr(list(AuditEntry.objects.values_list()))
    assert "590000" not in kept + entries
    accept_merges(actor=importer, proposals=proposals, now=now)
    with pytest.raises(MergeFirst):
        undo(importer, batch, now)


def test_a_file_is_sealed_until_it_is_decided_on(
    forum: Dialogue, importer: User, now: datetime
) -> None:
    content = (REGISTERED + "B1,sms,+970590000001,female\n").encode()
    batch = prepare(importer, forum, content, now)
    assert b"590" not in bytes(batch.content)
    actions.discard_run(actor=importer, run=batch, now=now)
    assert not ImportRun.objects.exists()


def test_same_file_twice_is_refused_until_undone(load: Load, importer: User, now: datetime) -> None:
    text = VOTES + "A1,1,agree,2026-10-01\n"
    batch = load(text)
    with pytest.raises(actions.SameFile):
        load(text)
    undo(importer, batch, now)
    assert load(text).state == "done"


def test_messages_go_to_votes_to_people_or_to_the_list_of_who_wants_no_more(
    load: Load, importer: User, now: datetime
) -> None:
    load(REGISTERED + "B1,sms,0590000001,\nB2,web,0590000001,\n")
    batch = load(
        "time,from,text\n2026-10-01T09:00,٠٥٩٠٠٠٠٠٠١,١ نعم\n2026-10-01T10:00,00970590000001,1 لا\n"
        "2026-10-01T11:00,0590000001,اتصلوا بي 0590 000 001\n2026-10-01T11:00,0591111111,2 نعم\n"
        "2026-10-01T11:00,0590000001,99 نعم\n2026-10-01T12:00,0590000001,STOP\n"
    )
    person = Participant.objects.get(registration="B1")
    assert opted_out(PHONE, ["+970 59 000 0001"]) == {"+970 59 000 0001"}
    assert list(Vote.objects.values_list("participant", "choice", "channel")) == [
        (person.pk, -1, "sms")
    ]
    queue = {one.problem: one for one in MessageInQueue.objects.all()}
    assert set(queue) == {"unclear", "sender_unknown", "statement_unknown"}
    assert "0590" not in queue["unclear"].text
    message_review.settle_message(
        actor=importer, message=queue["statement_unknown"], now=now, number=1, choice=1
    )
    assert Vote.objects.get(statement__number=1).choice == 1, "it came later than the vote"
    message_review.settle_message(actor=importer, message=queue["unclear"], now=now)
    assert MessageInQueue.objects.filter(is_settled=False).count() == 1
    assert batch.counts["opt_outs"] == 1


def test_forms_keep_blanks_blank_and_are_compared_by_somebody_else(
    load: Load, importer: User, facilitator: User, now: datetime
) -> None:
    batch = load(
        "form,registration_id,date,q1,q2,q3\nF1,A1,2026-10-01,1,,3\nF2,A2,2026-10-01,2,٣,7\n"
    )
    given = Vote.objects.order_by("participant__registration", "statement__number")
    assert list(given.values_list("participant__registration", "statement__number", "choice")) == [
        ("A1", 1, 1), ("A1", 3, 0), ("A2", 1, -1), ("A2", 2, 0),
    ]  # fmt: skip
    assert batch.counts["blank"] == 1
    [problem] = report_of(batch).problems
    assert (problem.code, problem.column) == ("answer_unknown", "q3")
    drawn = FormCheck.objects.get()
    with pytest.raises(message_review.SamePerson):
        message_review.check_form(actor=importer, check=drawn, is_same=True, now=now)
    done = message_review.check_form(actor=facilitator, check=drawn, is_same=False, now=now)
    assert done.result == "differs"
    with pytest.raises(message_review.FormUnknown):
        message_review.check_form(actor=facilitator, check=drawn, is_same=True, now=now)
    undo(importer, batch, now)
    assert not FormCheck.objects.exists()


def test_polis_exports(load: Load) -> None:
    load(
        "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        "1700000000000,x,7,0,1,1,1,Seven is new\n1700000000000,x,8,0,1,1,-1,Eight was refused\n"
    )
    assert set(Statement.objects.values_list("number", flat=True)) == {1, 2, 3, 7}
    load(
        "timestamp,datetime,comment-id,voter-id,vote\n1700000000000,x,7,0,1\n1700000000000,x,1,4,-1\n"
    )
    load(
        "participant,group-id,n-comments,n-votes,n-agree,n-disagree,1,2,7\n4,0,0,2,1,1,1,,0\n5,,,,,,,1,\n"
    )
    given = Vote.objects.order_by("participant__registration", "statement__number")
    assert list(given.values_list("participant__registration", "statement__number", "choice")) == [
        ("0", 7, 1), ("4", 1, -1), ("4", 7, 0), ("5", 2, 1),
    ]  # fmt: skip


def test_files_follow_the_rule_of_every_channel(
    load: Load, forum: Dialogue, importer: User, now: datetime
) -> None:
    forum.rounds.update(state="closed")
    with pytest.raises(actions.CannotTake):
        load(VOTES + "A1,1,agree,2026-10-01\n")
    assert report_of(ImportRun.objects.get()).problems[0].code == "voting_not_open"


def test_a_mapping_is_proposed_and_can_be_changed(
    forum: Dialogue, importer: User, now: datetime
) -> None:
    content = b"who,statement,says\nA1,1,agree\n"
    batch = prepare(importer, forum, content, now, "votes")
    assert report_of(batch).problems[0].code == "missing_column"
    mapping = {"0": "registration", "1": "statement", "2": "vote"}
    actions.change_mapping(actor=importer, run=batch, part=FILE, mapping=mapping, now=now)
    actions.confirm_run(actor=importer, run=batch, now=now)
    assert Vote.objects.count() == 1


def test_others_bring_in_nothing(forum: Dialogue, outsider: User, now: datetime) -> None:
    with pytest.raises(actions.NotPermitted):
        prepare(outsider, forum, "a\n1\n", now)
