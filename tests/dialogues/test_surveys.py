"""Sheets of survey tools come in as they are: statements as headings, answers in words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from factories.accounts import UserFactory
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from factories.imports import at as at_run
from factories.imports import send
from hiwar.common.imports import actions
from hiwar.common.imports.content import report_of
from hiwar.common.models import ImportRun
from hiwar.common.tables import own_upload
from hiwar.dialogues.models import Participant, Statement, Vote
from hiwar.dialogues.queries.imports import FILE, KIND
from hiwar.dialogues.queries.surveys import sign_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Dialogue

ARABIC = (
    "_id;_uuid;الاسم;رقم الجوال;نحتاج حافلات أكثر;المدارس مكتظة\n"
    "1;u1;سلمى;0590000001;موافق;غير موافق\n"
    "2;u2;ليث;0590000002;محايد;موافق بشدة\n"
    "3;u3;رنا;0590000003;لا اوافق;\n"
)
FORMS = (
    "Timestamp,Email Address,We need more buses,Schools are crowded\n"
    "2/3/2027 10:00:00,a@b.example,Strongly agree,Disagree\n"
    "2/3/2027 10:01:00,c@d.example,Neutral,Agree\n"
    "2/3/2027 10:02:00,e@f.example,Disagree,Strongly disagree\n"
)
FRENCH = (
    "id,token,Il faut plus de bus,Les écoles sont pleines\n"
    "1,t1,Tout à fait d'accord,Pas d'accord\n"
    "2,t2,Neutre,Plutôt d'accord\n"
    "3,t3,Pas d'accord,D'accord\n"
)
SCALE = "respondent id,We need more buses,Schools are too crowded\n" + "".join(
    f"r{n},{n % 5 + 1},{(n * 2) % 5 + 1}\n" for n in range(10)
)
SIGNED = "respondent id,We need more buses,Schools are too crowded\n" + "".join(
    f"r{n},{n % 3 - 1},{(n * 2) % 3 - 1}\n" for n in range(9)
)
GRID = (
    'id,"What do you say? [We need more buses]","What do you say? [Schools are crowded]"\n'
    "1,agree,disagree\n2,pass,agree\n3,disagree,agree\n"
)
NO_PERSON = (
    "We need more buses\tSchools are crowded\tRemark\nagree\tdisagree\tfine\npass\tagree\tno idea\n"
)
TWICE = (
    "uuid,We need more buses,Schools are crowded\nu1,agree,pass\nu1,disagree,pass\nu2,pass,agree\n"
)


def _sheets() -> bytes:
    """Return a workbook in which the answers stand on the second of three sheets."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "choices"
    first.append(["list", "label"])
    sheet = book.create_sheet("answers")
    for row in (
        ["_uuid", "We need more buses", "Schools are crowded"],
        ["u1", "agree", "disagree"],
        ["u2", "pass", "agree"],
        ["u3", "disagree", "agree"],
    ):
        sheet.append(row)
    book.create_sheet("notes").append(["made by", "somebody"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def importer(roles: None) -> User:
    return UserFactory.create(email="yazan@house.example", roles=["field_coordinator"])


@pytest.fixture
def forum(db: None) -> Dialogue:
    return DialogueFactory.create()


def _prepared(
    importer: User, forum: Dialogue, now: datetime, content: str | bytes, kind: str = ""
) -> ImportRun:
    data = content.encode() if isinstance(content, str) else content
    return actions.prepare_run(
        actor=importer, kind=KIND, subject=forum.pk, files={FILE: own_upload(data, "f.csv")},
        options={"kind": kind} if kind else {}, now=now,
    )  # fmt: skip


def _written() -> int:
    """Return how much there is that a sheet can bring."""
    return Vote.objects.count() + Statement.objects.count() + Participant.objects.count()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ARABIC, (3, 5, "words")), (FORMS, (3, 6, "words")), (FRENCH, (3, 6, "words")),
        (SCALE, (10, 20, "scale")), (SIGNED, (9, 18, "signed")), (GRID, (3, 6, "words")),
        (NO_PERSON, (2, 4, "words")), (ARABIC.encode("utf-16"), (3, 5, "words")),
        ("\ufeff" + ARABIC, (3, 5, "words")), (TWICE, (2, 4, "words")),
        (_sheets(), (3, 6, "words")),
        (FORMS.replace("\n", "\n\n"), (3, 6, "words")),
    ],
    ids=["arabic", "forms", "french", "scale", "signed", "grid", "no person", "utf-16", "bom",
         "twice", "sheets", "empty lines"],
)  # fmt: skip
def test_a_sheet_comes_in_as_it_is(
    importer: User,
    forum: Dialogue,
    now: datetime,
    content: str | bytes,
    expected: tuple[int, int, str],
) -> None:
    people, votes, sign = expected
    batch = _prepared(importer, forum, now, content, "votes")
    report = report_of(batch)
    assert sign_of(list(report.answers), report.said) == sign
    assert len(report.rows) == people + (content == TWICE)
    assert not Vote.objects.exists()
    actions.confirm_run(actor=importer, run=batch, now=now)
    texts = [text for row in Statement.objects.order_by("number") for text in row.text.values()]
    assert [len(text) > 10 and "[" not in text for text in texts] == [True, True]
    assert Participant.objects.count() == people
    assert Vote.objects.count() == votes
    assert set(Participant.objects.values_list("registration", "contact_key")) == {("", "")}
    batch.refresh_from_db()
    actions.undo_run(actor=importer, run=batch, now=now)
    assert _written() == 0


def test_answers_keep_their_sign(importer: User, forum: Dialogue, now: datetime) -> None:
    actions.confirm_run(actor=importer, run=_prepared(importer, forum, now, ARABIC), now=now)
    buses = Vote.objects.filter(statement__number=1).order_by("sequence", "pk")
    assert sorted(buses.values_list("choice", flat=True)) == [-1, 0, 1]
    schools = Vote.objects.filter(statement__number=2)
    assert sorted(schools.values_list("choice", flat=True)) == [-1, 1]


def test_statements_and_people_that_are_there_are_met_again(
    importer: User, forum: Dialogue, now: datetime
) -> None:
    there = StatementFactory.create(dialogue=forum, number=7, text={"en": "We need more buses"})
    person = ParticipantFactory.create(dialogue=forum, registration="u2")
    content = TWICE.replace("u1,disagree,pass\n", "")
    run = _prepared(importer, forum, now, content, "votes")
    actions.confirm_run(actor=importer, run=run, now=now)
    assert Vote.objects.get(participant=person, statement=there).choice == 0
    assert sorted(Statement.objects.values_list("number", flat=True)) == [7, 8]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("uuid,We need more buses,Schools are crowded\nu1,1,0\nu2,0,1\nu3,1,1\n", "answer_unsaid"),
        ("uuid,We need more buses,Schools are crowded\n"
         "u1,agree,hmm\nu2,pass,agree\nu3,agree,disagree\n", "answer_unsaid"),
        ("uuid,We need buses,We need buses\nu1,agree,pass\nu2,pass,agree\n", "title_twice"),
    ],
    ids=["yes or no", "an unknown word", "two alike"],
)  # fmt: skip
def test_what_cannot_be_told_is_asked_and_nothing_is_written(
    importer: User, forum: Dialogue, now: datetime, content: str, code: str
) -> None:
    batch = _prepared(importer, forum, now, content, "votes")
    assert report_of(batch).problems[0].code == code
    with pytest.raises(actions.CannotTake):
        actions.confirm_run(actor=importer, run=batch, now=now)
    assert _written() == 0


def test_the_desk_proposes_and_is_told(importer: User, forum: Dialogue, at_desk: object) -> None:
    desk: Client = at_desk(importer)  # type: ignore[operator]
    content = ARABIC.replace("محايد", "هممم")
    _answer, run = send(desk, KIND, forum.pk, file=("survey.csv", content.encode()))
    assert run is not None
    page = at_run("import_run", run)
    answer = desk.get(page)
    shown = answer.content.decode()
    assert "رقم الجوال" in shown
    assert "0590000001" not in shown
    assert "هممم" in shown
    assert at_run("confirm_import", run) not in shown
    assert "وهذا أكيد" not in shown
    form = answer.context["forms"][0]["columns"]
    said = {f"{FILE}-{name}": field.initial or "" for name, field in form.fields.items()}
    unsaid = next(f"{FILE}-answer-{at}" for at, cell in enumerate(form.cells) if cell == "هممم")
    desk.post(page, said | {unsaid: "pass", "part": FILE})
    assert "حدده شخص" in desk.get(page).content.decode()
    assert "هممم" not in repr(list(ImportRun.objects.values())), "words of the file lie sealed"
    desk.post(at_run("confirm_import", run))
    assert sorted(Vote.objects.values_list("choice", flat=True)) == [-1, -1, 0, 1, 1]
