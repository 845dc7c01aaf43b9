"""A forum from its template to its close: who may, what the calendar says, who is counted how."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factories.accounts import UserFactory
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from factories.events import EventFactory, RoomFactory
from factories.forums import FIRST_DAY, NOW, make_approved, make_forum, make_planner
from hiwar.accounts.actions.people import NotAllowed
from hiwar.dialogues.models import Dialogue
from hiwar.events.models import Attendance
from hiwar.forums.actions import forums as act
from hiwar.forums.actions import stages as act_stages
from hiwar.forums.actions.restarting import restart_forum
from hiwar.forums.models import Forum, Stage
from hiwar.forums.queries.coverage import coverage_of
from hiwar.forums.queries.forums import stages_of
from hiwar.forums.queries.warnings import calendar_of, warnings_of_stage
from hiwar.places.actions import load_place_pack

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
PLACES = Path(__file__).resolve().parents[2] / "demo" / "places"


@pytest.fixture
def planner(roles: object) -> User:
    return make_planner()


@pytest.fixture
def director(roles: object) -> User:
    return UserFactory.create(roles=["director"])


def test_a_template_lays_rounds_and_sessions_and_the_calendar_speaks(planner: User) -> None:
    load_place_pack(actor=None, folder=PLACES, now=NOW)
    forum = make_forum(planner, first_day=FIRST_DAY, with_dialogue=True)
    stages = stages_of(forum)
    assert [stage.kind for stage in stages] == [
        "collect", "session", "session", "vote", "session", "session", "session", "recommend",
        "drafting", "review",
    ]  # fmt: skip
    dialogue = Dialogue.objects.get()
    assert [stage.round.kind for stage in stages if stage.round] == ["collect", "vote", "recommend"]
    assert stages[0].round is not None
    assert stages[0].round.starts_on == stages[0].starts_on == FIRST_DAY
    assert dialogue.state == Dialogue.State.DRAFT
    calendar = calendar_of(forum)
    assert calendar is not None
    sessions = [stage for stage in stages if stage.kind == "session"]
    assert not [s for s in sessions if s.starts_on and s.starts_on.isoweekday() in calendar.weekend]
    assert len({stage.starts_on for stage in sessions}) == 5
    # Round 2 of the scenario lies in the month of fasting: said, with a better time, not forbidden.
    vote = stages[3]
    act_stages.update_stage(
        actor=planner, stage=vote, now=NOW,
        values={"round": None, "starts_on": date(2027, 2, 14), "ends_on": date(2027, 2, 28)},
    )  # fmt: skip
    vote.refresh_from_db()
    fasting = [w for w in warnings_of_stage(calendar, vote) if w.code == "fasting"]
    assert len(fasting) == 1
    assert "09:00" in fasting[0].proposal
    assert "14:00" in fasting[0].proposal
    floors = {one.attribute: (one.share and float(one.share), one.count)
              for one in forum.targets.all()}  # fmt: skip
    assert floors == {
        "sex": (0.5, None), "age_band": (0.4, None), "disability": (0.05, None),
        "place": (None, 12),
    }  # fmt: skip


def test_nothing_is_put_into_a_weekly_pause_without_a_reason(planner: User) -> None:
    load_place_pack(actor=None, folder=PLACES, now=NOW)
    forum = make_forum(planner)
    friday = {
        "kind": "session", "starts_on": date(2027, 1, 15), "ends_on": date(2027, 1, 15),
        "starts": time(12), "ends": time(13),
    }  # fmt: skip
    with pytest.raises(act_stages.PauseNotConfirmed):
        act_stages.add_stage(actor=planner, forum=forum, values=friday, now=NOW)
    stage = act_stages.add_stage(
        actor=planner, forum=forum, values=friday | {"despite": "بطلب أهل القرية"}, now=NOW
    )
    assert (stage.position, stage.confirmed_by) == (11, planner)
    act_stages.update_stage(
        actor=planner, stage=stage, values={"starts": time(9), "ends": time(11)}, now=NOW
    )
    stage.refresh_from_db()
    assert (stage.despite, stage.confirmed_by) == ("", None)
    with pytest.raises(act_stages.TimesUnclear):
        act_stages.update_stage(actor=planner, stage=stage, values={"ends": None}, now=NOW)
    event = EventFactory.create(owner=planner)
    with pytest.raises(act_stages.StagePointsElsewhere):
        act_stages.update_stage(
            actor=planner, stage=stages_of(forum)[0], values={"event": event}, now=NOW
        )
    closed = EventFactory.create(owner=UserFactory.create(), visibility="personal")
    with pytest.raises(act_stages.StagePointsElsewhere):
        act_stages.update_stage(actor=planner, stage=stage, values={"event": closed}, now=NOW)
    act_stages.move_stage(actor=planner, stage=stage, is_earlier=True, now=NOW)
    assert [one.kind for one in stages_of(forum)][-2:] == ["session", "review"]
    review = stages_of(forum)[-1]
    act_stages.finish_stage(actor=planner, stage=review, is_done=True, now=NOW)
    assert Stage.objects.get(pk=review.pk).is_done
    act_stages.remove_stage(actor=planner, stage=stage, now=NOW)
    assert not Stage.objects.filter(pk=stage.pk).exists()


def test_a_forum_is_approved_by_the_director_once_it_is_written_who_decides(
    planner: User, director: User
) -> None:
    forum = make_forum(planner)
    with pytest.raises(act.PlanIncomplete):
        act.approve_forum(actor=director, forum=forum, now=NOW)
    with pytest.raises(NotAllowed):
        act.approve_forum(actor=planner, forum=forum, now=NOW)
    assert make_approved(forum, director).state == Forum.State.APPROVED
    with pytest.raises(act.WrongForumState):
        act.approve_forum(actor=director, forum=forum, now=NOW)
    act.close_forum(actor=director, forum=forum, now=NOW)
    with pytest.raises(act.ForumClosed):
        act.set_floor(actor=planner, forum=forum, group="women", wanted=40, now=NOW)
    outsider = UserFactory.create(roles=["finance_viewer"])
    for change in (
        lambda: make_forum(outsider, code="other"),
        lambda: act.update_forum(actor=outsider, forum=forum, values={}, now=NOW),
        lambda: restart_forum(actor=outsider, forum=forum, code="again", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            change()


def counted(forum: Forum) -> dict[str, tuple[float, float, str]]:
    stages = stages_of(forum)
    covered = coverage_of(forum, stages, {stage.event.pk for stage in stages if stage.event})
    return {
        bound.target.attribute: (round(bound.least, 3), round(bound.most, 3), bound.verdict)
        for bound in covered.bounds
    }


def test_people_are_counted_source_by_source_and_the_whole_lies_between_bounds(
    planner: User,
) -> None:
    load_place_pack(actor=None, folder=PLACES, now=NOW)
    forum = make_forum(planner, template="short_forum")
    assert {verdict for *_bounds, verdict in counted(forum).values()} == {"nobody"}
    dialogue = DialogueFactory.create()
    for at in range(20):
        ParticipantFactory.create(dialogue=dialogue, sex="female" if at < 12 else "male",
                                  age_band="18-29" if at < 10 else "30-44")  # fmt: skip
    stages = stages_of(forum)
    act_stages.update_stage(
        actor=planner, stage=stages[2], values={"round": dialogue.rounds.get()}, now=NOW
    )
    assert counted(forum)["sex"] == (0.6, 0.6, "met")
    event = EventFactory.create(owner=planner)
    room = RoomFactory.create(event=event)
    for at in range(30):
        Attendance.objects.create(
            event=event, room=room, sex="female" if at < 9 else "male", arrived_at=NOW
        )
    act_stages.update_stage(actor=planner, stage=stages[1], values={"event": event}, now=NOW)
    # Women: at least the 12 of the larger, at most 21; others between 21 and 29.
    assert counted(forum)["sex"] == (round(12 / 41, 3), 0.5, "open")
    covered = coverage_of(forum, stages_of(forum), set())
    assert (covered.least_people, covered.most_people) == (30, 50)
    assert [source.people for source in covered.sources] == [20, 30]
    assert covered.sources[1].title is None, "an event that is not readable has no name"
    # Three of a session are too few to be told, and nobody of the session said an age.
    Attendance.objects.filter(event=event).exclude(
        pk__in=Attendance.objects.filter(event=event, sex="male").values("pk")[:3]
    ).delete()
    covered = coverage_of(forum, stages_of(forum), {event.pk})
    assert covered.sources[1].people is None
    assert {count.reached for count in covered.sources[1].counts} == {None}


def test_a_question_is_taken_up_again_with_its_statements_and_without_people(
    planner: User, director: User
) -> None:
    load_place_pack(actor=None, folder=PLACES, now=NOW)
    forum = make_forum(planner, first_day=FIRST_DAY, with_dialogue=True)
    dialogue = Dialogue.objects.get()
    old = [StatementFactory.create(dialogue=dialogue) for _ in range(3)]
    StatementFactory.create(dialogue=dialogue, state="rejected")
    ParticipantFactory.create(dialogue=dialogue)
    again = restart_forum(
        actor=planner, forum=forum, code="first-job-again", now=NOW, with_dialogues=True,
        first_day=date(2028, 1, 30),
    )  # fmt: skip
    assert (again.restarts, again.state) == (forum, Forum.State.PLANNED)
    assert again.targets.count() == forum.targets.count() == 4
    stages = stages_of(again)
    assert stages[0].round is not None
    following = stages[0].round.dialogue
    assert following != dialogue
    assert not following.participants.exists()
    assert [s.derived_from for s in following.statements.order_by("number")] == old
    assert [stage.kind for stage in stages] == [stage.kind for stage in stages_of(forum)]
    assert not [stage for stage in stages if stage.event_id]
    assert stages[0].first_day == date(2028, 1, 30)
