"""A run keeps what it holds sealed, is one step or none, and is forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from factories.accounts import UserFactory
from factories.imports import list_of_people, work
from hiwar.common import jobs
from hiwar.common.imports import actions
from hiwar.common.imports.content import ContentUnreadable, files_of, report_of
from hiwar.common.imports.forms import ColumnsForm
from hiwar.common.imports.plans import left_columns
from hiwar.common.models import ImportRun
from hiwar.common.tables import own_upload
from hiwar.contacts.desk.imports import IMPORTER
from hiwar.contacts.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
KIND = "contacts.people"
MANY = actions.MANY_ROWS + 1


@pytest.fixture
def tala(roles: object) -> User:
    return UserFactory.create(roles=["me_officer"])


def prepared(
    tala: User, now: datetime, text: str = "الاسم,الجوال\nرنا حداد,0599000001\n"
) -> ImportRun:
    upload = own_upload(text.encode(), "list.csv")
    return actions.prepare_run(actor=tala, kind=KIND, files={"people": upload}, now=now)


def test_no_word_of_a_file_lies_open_before_or_after_it_is_brought_in(tala, now):
    run = prepared(tala, now)
    for step in (None, actions.confirm_run, actions.undo_run):
        if step is not None:
            run = step(actor=tala, run=run, now=now)
        row = ImportRun.objects.filter(pk=run.pk).values().get()
        for name, value in row.items():
            told = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            assert "رنا".encode() not in told, name
            assert b"0599000001" not in told, name
    assert bytes(row["content"]) == b""
    assert bytes(row["journal"]) == b""


def test_the_same_file_is_refused_with_when_it_came_until_it_is_undone(tala, now):
    run = actions.confirm_run(actor=tala, run=prepared(tala, now), now=now)
    with pytest.raises(actions.SameFile) as refused:
        prepared(tala, now)
    assert "2026" in str(refused.value)
    actions.undo_run(actor=tala, run=run, now=now)
    assert prepared(tala, now).state == ImportRun.State.PREVIEW


def test_two_looks_at_one_file_are_brought_in_once(tala, now):
    first, second = prepared(tala, now), prepared(tala, now)
    actions.confirm_run(actor=tala, run=first, now=now)
    with pytest.raises(actions.SameFile):
        actions.confirm_run(actor=tala, run=second, now=now)
    with pytest.raises(actions.RunSettled):
        actions.confirm_run(actor=tala, run=first, now=now)
    assert Person.objects.count() == 1


def test_an_outsider_takes_no_step(tala, now, roles):
    outsider = UserFactory.create(roles=["researcher"])
    run = prepared(tala, now)
    with pytest.raises(actions.NotPermitted):
        actions.confirm_run(actor=outsider, run=run, now=now)
    with pytest.raises(actions.NotPermitted):
        actions.discard_run(actor=outsider, run=run, now=now)
    with pytest.raises(actions.NotPermitted):
        prepared(outsider, now)


def test_long_files_are_worked_on_by_the_queue_and_doing_it_twice_is_doing_it_once(tala, now):
    run = prepared(tala, now, list_of_people(MANY))
    assert run.state == ImportRun.State.LOOKING
    assert jobs.state_of(actions.job_key(run)).is_open
    work(now)
    run.refresh_from_db()
    assert (run.state, run.counts["people"]) == (ImportRun.State.PREVIEW, MANY)
    actions.confirm_run(actor=tala, run=run, now=now)
    for _time in range(2):
        actions.work_on_run(key=str(run.pk), now=now)
    assert Person.objects.count() == MANY


def test_a_refusal_beside_the_request_is_kept_for_the_page(tala, now):
    run = prepared(tala, now, list_of_people(MANY))
    work(now)
    again = prepared(tala, now, list_of_people(MANY))
    work(now)
    actions.confirm_run(actor=tala, run=ImportRun.objects.get(pk=run.pk), now=now)
    with pytest.raises(actions.SameFile):
        actions.confirm_run(actor=tala, run=ImportRun.objects.get(pk=again.pk), now=now)
    work(now)
    by = {"confirmed_by": tala.reference}
    ImportRun.objects.filter(pk=again.pk).update(state="applying", options=by)
    work(now)
    again.refresh_from_db()
    assert (again.state, again.trouble) == (ImportRun.State.PREVIEW, "same_file")


def test_what_the_queue_gave_up_is_stepped_back_from(tala, now):
    run = prepared(tala, now, list_of_people(MANY))
    jobs.cancel(key=actions.job_key(run))
    assert actions.free_stuck(now=now + timedelta(hours=1)) == 1
    run.refresh_from_db()
    assert (run.state, run.trouble) == (ImportRun.State.FAILED, "fault")


def test_what_nobody_decides_on_is_destroyed_after_a_day(tala, now):
    old, young = prepared(tala, now - timedelta(hours=25)), prepared(tala, now)
    assert actions.destroy_undecided(now=now) == 1
    assert not ImportRun.objects.filter(pk=old.pk).exists()
    assert ImportRun.objects.filter(pk=young.pk).exists()


def test_on_the_purge_day_nothing_is_left_that_could_be_undone(tala, now):
    run = actions.confirm_run(actor=tala, run=prepared(tala, now), now=now)
    assert actions.purge_details(now=now) == 0
    assert actions.purge_details(now=now + timedelta(days=366)) == 1
    run.refresh_from_db()
    assert not run.journal
    assert not report_of(run).rows
    with pytest.raises(actions.TooLateToUndo):
        actions.undo_run(actor=tala, run=run, now=now)


def test_what_can_no_longer_be_opened_is_said_and_can_be_thrown_away(tala, now, at_desk):
    run = prepared(tala, now)
    ImportRun.objects.filter(pk=run.pk).update(content=b"x" * 40, report=b"y" * 40)
    run.refresh_from_db()
    with pytest.raises(ContentUnreadable):
        files_of(run)
    desk = at_desk(tala)
    assert desk.get(f"/desk/imports/{run.pk}/").status_code == 200
    assert desk.post(f"/desk/imports/{run.pk}/confirm/").status_code == 302
    desk.post(f"/desk/imports/{run.pk}/discard/")
    assert not ImportRun.objects.exists()


def test_two_columns_never_stand_for_the_same():
    part = IMPORTER.parts[0]
    once = next(code for code in part.fields({}) if code not in part.several)
    sent = {"column-0": once, "column-1": once}
    form = ColumnsForm(part, ["a", "b"], {}, {}, sent)
    assert not form.is_valid()
    assert list(form.errors) == ["column-1"]


def test_a_column_that_stands_for_nothing_is_counted_by_its_filled_rows():
    rows = [(2, ("a", "b")), (3, ("c", " "))]
    lost = left_columns(("Name", ""), rows, {"0": "name"})
    assert [(one.why, one.title, one.count) for one in lost] == [("column", "2", 1)]
